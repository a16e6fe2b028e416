package io.github.mfagateway.cache;

import io.smallrye.mutiny.Uni;

/** How an answer is had that is not in memory. */
@FunctionalInterface
public interface Load<V> {

    /** Asks whoever knows. */
    Uni<Fetched<V>> ask();

    /** The same while a stale response stands in: no retry is worth a second call. */
    default Uni<Fetched<V>> askOnce() {
        return ask();
    }

    /** What other replicas remember of it. */
    default SharedAnswer<V> shared() {
        return SharedAnswer.none();
    }
}
