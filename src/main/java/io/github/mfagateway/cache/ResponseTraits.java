package io.github.mfagateway.cache;

import java.time.Duration;
import java.util.Optional;

/** What the cache must know about its responses and their loads. */
public interface ResponseTraits<V> {

    /** What a load's failure means. */
    LoadOutcome outcome(Throwable failure);

    /** The heap that a response takes, in bytes. */
    int bytes(V response);

    /** The failure of a load that does not end by itself. */
    Throwable deadlinePassed();

    /**
     * For how long no new load of the key should start after a failure that was not the origin's, because it was not called.
     *
     * @return empty after a failure of the origin: {@code mfa.cache.retry-after-failure} holds
     */
    default Optional<Duration> notCalledFor(Throwable failure) {
        return Optional.empty();
    }

    /** A load in the background has ended. */
    void revalidated(LoadOutcome outcome);
}
