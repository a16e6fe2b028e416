package io.github.mfagateway.cache;

import java.util.concurrent.CompletableFuture;

import io.smallrye.mutiny.Uni;

/** One load under way, shared by all who wait for it. */
final class Flight<V> {

    /**
     * How it ended: an entry or a failure.
     *
     * @param shared whether another replica had fetched the entry
     */
    record Landing<V>(Entry<V> entry, boolean shared, Throwable failure) {

        static <V> Landing<V> with(Entry<V> entry) {
            return new Landing<>(entry, false, null);
        }

        static <V> Landing<V> shared(Entry<V> entry) {
            return new Landing<>(entry, true, null);
        }

        static <V> Landing<V> without(Throwable failure) {
            return new Landing<>(null, false, failure);
        }
    }

    private final long order;
    private final CompletableFuture<Landing<V>> landing = new CompletableFuture<>();

    /** @param order greater than that of every flight begun and every eviction made before */
    Flight(long order) {
        this.order = order;
    }

    long order() {
        return order;
    }

    void land(Landing<V> how) {
        landing.complete(how);
    }

    /** A wait of one's own: giving it up leaves the flight and everybody else alone. */
    Uni<Landing<V>> landing() {
        return Uni.createFrom().completionStage(landing::copy);
    }
}
