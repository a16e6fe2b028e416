package io.github.mfagateway.cache;

import java.time.Duration;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;

/** Rejected keys: the reason for {@code mfa.cache.refused}, and the order as long as an earlier load may complete. */
final class NegativeCache {

    // rejections have a bound of their own, so that they cannot evict responses
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
                .expireAfterWrite(EntryOwners.LONGER_THAN_ANY_LOAD)
                .executor(Runnable::run)
                .build();
    }

    /** The reason of the key's rejection, or null. */
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

    /** Loads with a lower order precede the rejection. */
    void since(CacheKey key, long order) {
        orders.asMap().merge(key, order, Math::max);
    }

    boolean isSince(CacheKey key, long order) {
        Long rejected = orders.getIfPresent(key);
        return rejected != null && order < rejected;
    }
}
