package io.github.mfagateway.cache.redis;

import java.util.Optional;

import io.github.mfagateway.cache.CacheKey;

/**
 * Invalidates a user's entries, a key's entry if its user is not verified, or everything.
 *
 * @param key of the token; empty if another replica reports a user
 * @param user {@link io.github.mfagateway.cache.UserDigest}
 */
record Invalidation(Optional<CacheKey> key, Optional<String> user) {

    static final Invalidation ALL = new Invalidation(Optional.empty(), Optional.empty());

    boolean isOfAll() {
        return key.isEmpty() && user.isEmpty();
    }
}
