package io.github.mfagateway.cache;

/** What the cache must know about its responses and their loads. */
public interface ResponseTraits<V> {

    /** What a load's failure means. */
    Outcome outcome(Throwable failure);

    /** The heap that a response takes, in bytes. */
    int bytes(V response);

    /** The failure of a load that does not end by itself. */
    Throwable deadlinePassed();

    /** A load in the background has ended. */
    void revalidated(Outcome outcome);
}
