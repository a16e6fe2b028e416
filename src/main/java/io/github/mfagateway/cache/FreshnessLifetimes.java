package io.github.mfagateway.cache;

import java.time.Duration;

import io.github.mfagateway.config.CacheSettings;

/**
 * The ages, in nanoseconds, at which a response's lifetimes end. {@code revalidate} and {@code staleOnError} both begin
 * where {@code fresh} ends, as in RFC 5861. None exceeds the token's.
 */
record FreshnessLifetimes(long fresh, long revalidate, long staleOnError) {

    /**
     * @param jitter from 0.9 to 1.1, so that responses fetched together do not all become stale together
     * @param expiresIn the token's remaining life
     */
    static FreshnessLifetimes of(CacheSettings settings, double jitter, Duration expiresIn) {
        long end = Math.max(0, expiresIn.toNanos());
        long fresh = (long) (settings.fresh().toNanos() * jitter);
        return new FreshnessLifetimes(
                Math.min(fresh, end),
                Math.min(fresh + settings.revalidate().toNanos(), end),
                Math.min(fresh + settings.staleOnError().toNanos(), end));
    }

    /** The age from which the response is never served. */
    long end() {
        return Math.max(revalidate, staleOnError);
    }
}
