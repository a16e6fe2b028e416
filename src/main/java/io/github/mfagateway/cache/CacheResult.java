package io.github.mfagateway.cache;

import java.time.Duration;

/**
 * An answer and where it came from.
 *
 * @param age since it was fetched
 * @param timeToLive what is left of its freshness; negative when it is no longer fresh
 * @param stored whether it is in memory now
 */
public record CacheResult<V>(V answer, Source source, Duration age, Duration timeToLive, boolean stored) {

    public enum Source {
        /** Memory; fresh. */
        FRESH,
        /** Memory; no longer fresh, and a refresh is under way or was tried. */
        REVALIDATING,
        /** Memory; no longer fresh, and the caller wanted nobody to be asked. */
        UNREFRESHED,
        /** The cache; the origin is unavailable or late. */
        STALE,
        /** The cache; the gateway's own limits did not admit a call. */
        OVERLOADED,
        /** Fetched by another replica. */
        SHARED,
        /** Asked for: nothing was in memory. */
        MISS,
        /** Asked for by somebody else at the same time. */
        COLLAPSED,
        /** The same; what was in memory was too old. */
        COLLAPSED_EXPIRED,
        /** Asked for: what was in memory was too old. */
        EXPIRED,
        /** Asked for, because the caller wanted it so. */
        BYPASS
    }

    static <V> CacheResult<V> in(CacheEntry<V> entry, Source source, long now, boolean stored) {
        return new CacheResult<>(
                entry.response(),
                source,
                Duration.ofNanos(entry.age(now)),
                Duration.ofNanos(entry.lifetimes().fresh() - entry.age(now)),
                stored);
    }
}
