package io.github.mfagateway.cache;

import java.time.Duration;

/**
 * Until what age, in nanoseconds, an answer may be used for what. {@code revalidate} and {@code staleOnError} both begin
 * where {@code fresh} ends, as in RFC 5861; nothing outlives the token.
 */
record Windows(long fresh, long revalidate, long staleOnError) {

    /**
     * @param jitter from 0.9 to 1.1, so that answers fetched together do not all grow old together
     * @param expiresIn what is left of the token's life
     */
    static Windows of(CacheSettings settings, double jitter, Duration expiresIn) {
        long end = Math.max(0, expiresIn.toNanos());
        long fresh = (long) (settings.fresh().toNanos() * jitter);
        return new Windows(
                Math.min(fresh, end),
                Math.min(fresh + settings.revalidate().toNanos(), end),
                Math.min(fresh + settings.staleOnError().toNanos(), end));
    }

    /** The age at which there is no use left. */
    long end() {
        return Math.max(revalidate, staleOnError);
    }
}
