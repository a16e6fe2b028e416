package io.github.mfagateway.cache;

import java.time.Duration;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;

/** Keys that were refused: why, for a moment; and since when, for as long as a flight from before may land. */
final class Refusals {

    // refusals are small and short-lived; their bound is their own, so that they cannot push answers out
    private static final int MOST = 10_000;

    private final Cache<CacheKey, Throwable> reasons;
    private final Cache<CacheKey, Long> orders;

    Refusals(Duration window, Ticker ticker) {
        this.reasons = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(window)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
        this.orders = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(Users.LONGER_THAN_ANY_FLIGHT)
                .executor(Runnable::run)
                .build();
    }

    /** Why the key was refused a moment ago, or null. */
    Throwable reason(CacheKey key) {
        return reasons.getIfPresent(key);
    }

    void remember(CacheKey key, Throwable reason) {
        // Caffeine leaves an entry that is rewritten within a second as old as it was
        reasons.invalidate(key);
        reasons.put(key, reason);
    }

    void lift(CacheKey key) {
        reasons.invalidate(key);
    }

    /** What a flight from before this order brings is from before the refusal. */
    void since(CacheKey key, long order) {
        orders.asMap().merge(key, order, Math::max);
    }

    boolean isSince(CacheKey key, long order) {
        Long refused = orders.getIfPresent(key);
        return refused != null && order < refused;
    }
}
