package io.github.mfagateway.config;

import java.time.Duration;
import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;

/** Lifetimes and bounds of the cache. Defaults and their reasons are in {@code application.properties}. */
@ConfigMapping(prefix = "mfa.cache")
public interface CacheSettings {

    /** The garbage collector may copy the cache, and as much again is left for requests. */
    int HEAP_SHARE = 4;

    /** Room for a few of the largest responses that GenAuth may send. */
    long LEAST_BYTES = 1 << 20;

    /** For this long after GenAuth sent it, ±10 %, a response is served from the cache. */
    @WithConverter(DurationSetting.class)
    Duration fresh();

    /** For this long after that it is still served from the cache, and revalidated in the background (RFC 5861, section 3). */
    @WithConverter(DurationSetting.class)
    Duration revalidate();

    /** For this long after it was fresh it is served while GenAuth is unavailable or late (RFC 5861, section 4). */
    @WithConverter(DurationSetting.class)
    Duration staleOnError();

    /** A caller with a usable stale response waits for a load at most this long. */
    @WithConverter(DurationSetting.class)
    Duration softTimeout();

    /** For this long after a load failed or exceeded the soft timeout, the stale response is served without a load. */
    @WithConverter(DurationSetting.class)
    Duration retryAfterFailure();

    /** For this long a rejected token is rejected without calling GenAuth again. */
    @WithConverter(DurationSetting.class)
    Duration refused();

    /** Bound on the heap that cached responses take; the least used are evicted first. A quarter of the heap if empty. */
    @WithConverter(OptionalBytesSetting.class)
    Optional<Long> maxBytes();

    // not a default method, because that would be a setting
    static long boundInBytes(CacheSettings settings) {
        return settings.maxBytes().orElseGet(() -> Runtime.getRuntime().maxMemory() / HEAP_SHARE);
    }

    /** No response is served at a greater age. */
    static Duration longestLife(CacheSettings settings) {
        Duration stale = settings.revalidate().compareTo(settings.staleOnError()) > 0
                ? settings.revalidate()
                : settings.staleOnError();
        // a jitter of ten percent
        return settings.fresh().plus(settings.fresh().dividedBy(10)).plus(stale);
    }

    /** @param deadline of a call to the origin */
    static void check(CacheSettings settings, Duration deadline, ConfigErrors findings) {
        Duration longest = Duration.ofHours(24);
        findings.within("mfa.cache.fresh", settings.fresh(), Duration.ZERO, longest);
        findings.within("mfa.cache.revalidate", settings.revalidate(), Duration.ZERO, longest);
        findings.within("mfa.cache.stale-on-error", settings.staleOnError(), Duration.ZERO, longest);
        findings.within("mfa.cache.refused", settings.refused(), Duration.ZERO, Duration.ofMinutes(5));
        findings.within("mfa.cache.soft-timeout", settings.softTimeout(), Duration.ofMillis(1), Duration.ofSeconds(60));
        if (deadline.compareTo(Duration.ZERO) > 0 && settings.softTimeout().compareTo(deadline) >= 0) {
            findings.add("mfa.cache.soft-timeout", "must be shorter than genauth.deadline");
        }
        findings.within(
                "mfa.cache.retry-after-failure", settings.retryAfterFailure(), Duration.ZERO, Duration.ofMinutes(5));
        settings.maxBytes()
                .ifPresent(bytes -> findings.withinBytes(
                        "mfa.cache.max-bytes",
                        bytes,
                        LEAST_BYTES,
                        Runtime.getRuntime().maxMemory() / 2));
        if (settings.fresh().isZero() && settings.revalidate().compareTo(Duration.ZERO) > 0) {
            findings.add("mfa.cache.revalidate", "must be 0s when mfa.cache.fresh is: every response would be stale");
        }
    }
}
