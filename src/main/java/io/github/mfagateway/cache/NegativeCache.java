package io.github.mfagateway.cache;

import java.time.Duration;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;

/** Keys that were rejected: why, for a moment; and since when, for as long as a load from before may complete. */
final class NegativeCache {

    // rejections are small and short-lived; their bound is their own, so that they cannot displace responses
    private static final int MOST = 10_000;

    private final Cache<CacheKey, Throwable> reasons;
    private final Cache<CacheKey, Long> orders;

    NegativeCache(Duration lifetime, Ticker ticker) {
        this.reasons = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(lifetime)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
        this.orders = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(Users.LONGER_THAN_ANY_LOAD)
                .executor(Runnable::run)
                .build();
    }

    /** Why the key was rejected a moment ago, or null. */
    Throwable reason(CacheKey key) {
        return reasons.getIfPresent(key);
    }

    void put(CacheKey key, Throwable reason) {
        // Caffeine leaves an entry that is rewritten within a second as old as it was
        reasons.invalidate(key);
        reasons.put(key, reason);
    }

    void remove(CacheKey key) {
        reasons.invalidate(key);
    }

    /** What a load from before this order fetches is from before the rejection. */
    void since(CacheKey key, long order) {
        orders.asMap().merge(key, order, Math::max);
    }

    boolean isSince(CacheKey key, long order) {
        Long rejected = orders.getIfPresent(key);
        return rejected != null && order < rejected;
    }
}
