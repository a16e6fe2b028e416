package io.github.mfagateway.cache;

import java.time.Duration;
import java.util.Optional;

/** Properties of responses and of their loads' failures that the cache depends on. */
public interface OriginAdapter<V> {

    /** The outcome that a load's failure stands for. */
    LoadOutcome outcome(Throwable failure);

    /** The heap that a response takes, in bytes. */
    int bytes(V response);

    /** The failure of a load that has not completed at its deadline. */
    Throwable deadlinePassed();

    /**
     * How long the key is throttled after a failure without a call to the origin.
     *
     * @return empty after a failure of the origin, for which {@code mfa.cache.retry-after-failure} applies
     */
    default Optional<Duration> notCalledFor(Throwable failure) {
        return Optional.empty();
    }

    /** A load in the background has ended. */
    void revalidated(LoadOutcome outcome);
}
