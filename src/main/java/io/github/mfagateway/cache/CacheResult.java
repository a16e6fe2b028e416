package io.github.mfagateway.cache;

import java.time.Duration;

/**
 * A response and its source.
 *
 * @param age since it was fetched
 * @param timeToLive what is left of its freshness; negative when it is no longer fresh
 * @param stored whether it is cached now
 */
public record CacheResult<V>(V response, Source source, Duration age, Duration timeToLive, boolean stored) {

    public enum Source {
        /** The cache; fresh. */
        FRESH,
        /** The cache; stale, and a revalidation is in flight or was attempted. */
        REVALIDATING,
        /** The cache; stale, and the caller sent {@code only-if-cached}. */
        UNREFRESHED,
        /** The cache; the origin is unavailable or late. */
        STALE,
        /** The cache; the gateway's own limits did not admit a call. */
        OVERLOADED,
        /** LoadedResponse by another replica. */
        SHARED,
        /** Loaded; nothing was cached. */
        MISS,
        /** Loaded for another caller at the same time; nothing was cached. */
        COLLAPSED,
        /** Loaded for another caller at the same time; the cached response was too old. */
        COLLAPSED_EXPIRED,
        /** Loaded; the cached response was too old. */
        EXPIRED,
        /** Loaded; the caller sent {@code no-cache}. */
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
