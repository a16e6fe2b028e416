package io.github.mfagateway.cache;

import java.time.Duration;
import java.util.Optional;

import io.smallrye.mutiny.Uni;

/** One key's answer as all replicas remember it. Nothing of it fails, and nothing but {@link #look} is waited for. */
public interface SharedAnswer<V> {

    /**
     * An answer that another replica fetched.
     *
     * @param age since it was fetched; never less than it is
     * @param jitter of its windows, drawn when it was fetched
     */
    record Copy<V>(Fetched<V> fetched, Duration age, double jitter) {}

    /** What was there before somebody else was asked. */
    interface Seen<V> {

        Optional<Copy<V>> copy();

        /**
         * Stores what was fetched since, unless its user was evicted since.
         *
         * @param life how long there is any use for it
         */
        void store(Fetched<V> fetched, double jitter, Duration life);
    }

    /** Looks; ends soon, with or without a copy. */
    Uni<Seen<V>> look();

    /** Does not look, and sees no copy. */
    Seen<V> unseen();

    /** The key was refused: no replica gives its answer again that does not have it already. */
    void remove();

    /** Nothing is shared. */
    static <V> SharedAnswer<V> none() {
        return new SharedAnswer<>() {
            @Override
            public Uni<Seen<V>> look() {
                return Uni.createFrom().item(unseen());
            }

            @Override
            public Seen<V> unseen() {
                return nothing();
            }

            @Override
            public void remove() {
                // it is nowhere
            }
        };
    }

    /** Sees nothing and stores nothing. */
    static <V> Seen<V> nothing() {
        return new Seen<>() {
            @Override
            public Optional<Copy<V>> copy() {
                return Optional.empty();
            }

            @Override
            public void store(Fetched<V> fetched, double jitter, Duration life) {
                // nowhere
            }
        };
    }
}
