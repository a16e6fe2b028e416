package io.github.mfagateway.cache;

import java.util.Optional;
import java.util.function.Supplier;

import io.smallrye.mutiny.Uni;

/** A cache that all replicas share, behind each local one. It may be unavailable at any time; no method fails. */
public interface SharedCache {

    /**
     * Looks a key up; completes soon, with or without a copy.
     *
     * @param token needed to read the copy
     * @param claimed the subject that the token claims. Unvalidated; only a copy of this subject, which GenAuth has confirmed, is returned.
     */
    <V> Uni<SharedCacheEntry<V>> lookup(CacheKey key, String token, Optional<String> claimed, ResponseCodec<V> codec);

    /**
     * Invalidates locally and then on every replica. No lookup starts until this is published.
     *
     * @param local invalidates the local cache; returns the user to invalidate, as the entries name it, or empty for the key alone
     */
    void invalidate(CacheKey key, Supplier<Optional<String>> local);

    /**
     * Removes a user's responses, or all, on every replica.
     *
     * @param user {@link UserDigest}; empty for all
     * @param local does the same in the local cache
     */
    void purge(Optional<String> user, Runnable local);

    /** Reports other replicas' invalidations from now on. */
    void subscribe(InvalidationListener invalidations);

    /** Each replica has its local cache only. */
    static SharedCache none() {
        return new SharedCache() {
            @Override
            public <V> Uni<SharedCacheEntry<V>> lookup(
                    CacheKey key, String token, Optional<String> claimed, ResponseCodec<V> codec) {
                return Uni.createFrom().item(SharedCacheEntry.none());
            }

            @Override
            public void invalidate(CacheKey key, Supplier<Optional<String>> local) {
                local.get();
            }

            @Override
            public void purge(Optional<String> user, Runnable local) {
                local.run();
            }

            @Override
            public void subscribe(InvalidationListener invalidations) {
                // there are no other replicas' invalidations
            }
        };
    }
}
