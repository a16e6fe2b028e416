package io.github.mfagateway.cache;

import java.time.Duration;

import io.github.mfagateway.config.CacheSettings;

/**
 * Until what age, in nanoseconds, a response may be used for what. {@code revalidate} and {@code staleOnError} both begin
 * where {@code fresh} ends, as in RFC 5861; nothing outlives the token.
 */
record Lifetimes(long fresh, long revalidate, long staleOnError) {

    /**
     * @param jitter from 0.9 to 1.1, so that responses fetched together do not all become stale together
     * @param expiresIn what is left of the token's life
     */
    static Lifetimes of(CacheSettings settings, double jitter, Duration expiresIn) {
        long end = Math.max(0, expiresIn.toNanos());
        long fresh = (long) (settings.fresh().toNanos() * jitter);
        return new Lifetimes(
                Math.min(fresh, end),
                Math.min(fresh + settings.revalidate().toNanos(), end),
                Math.min(fresh + settings.staleOnError().toNanos(), end));
    }

    /** The age from which the response is of no use. */
    long end() {
        return Math.max(revalidate, staleOnError);
    }
}
