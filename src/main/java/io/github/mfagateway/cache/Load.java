package io.github.mfagateway.cache;

import io.smallrye.mutiny.Uni;

/** How an answer is had that is not in memory. */
@FunctionalInterface
public interface Load<V> {

    /** Asks whoever knows. */
    Uni<Fetched<V>> ask();

    /** What other replicas remember of it. */
    default SharedAnswer<V> shared() {
        return SharedAnswer.none();
    }
}
