package io.github.mfagateway.cache;

import io.smallrye.mutiny.Uni;

/** How a response is loaded that is not cached locally. */
@FunctionalInterface
public interface Load<V> {

    /** Calls the origin. */
    Uni<Fetched<V>> ask();

    /** The same while a stale response stands in: no retry is worth a second call. */
    default Uni<Fetched<V>> askOnce() {
        return ask();
    }

    /** Looks into the cache that all replicas share. */
    default Uni<SharedEntry<V>> lookup() {
        return Uni.createFrom().item(SharedEntry.none());
    }
}
