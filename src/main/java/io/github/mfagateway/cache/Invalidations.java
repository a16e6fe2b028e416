package io.github.mfagateway.cache;

/** What other replicas report. Users are named as {@link SharedMemory#user} names them. */
public interface Invalidations {

    /** No response of the user's from before is served again. */
    void invalidate(String user);

    /**
     * Every response is loaded again before it is served, but may still be served while the origin is unavailable: who was
     * invalidated meanwhile is unknown.
     */
    void expireAll();
}
