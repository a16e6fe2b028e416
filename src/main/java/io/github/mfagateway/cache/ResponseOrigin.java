package io.github.mfagateway.cache;

import io.smallrye.mutiny.Uni;

/** Loads a response that is not cached locally. */
@FunctionalInterface
public interface ResponseOrigin<V> {

    /** Calls the origin. */
    Uni<LoadedResponse<V>> call();

    /** Calls the origin without a retry, because a stale response can be served instead. */
    default Uni<LoadedResponse<V>> callOnce() {
        return call();
    }

    /** Looks into the cache that all replicas share. */
    default Uni<SharedCacheEntry<V>> lookup() {
        return Uni.createFrom().item(SharedCacheEntry.none());
    }
}
