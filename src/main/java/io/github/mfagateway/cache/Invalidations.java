package io.github.mfagateway.cache;

/** What other replicas report. Users are named as {@link SharedCache#user} names them. */
public interface Invalidations {

    /** No response of the user's from before is served again. */
    void invalidate(String user);

    /** No response of the key from before is served again, nor one of its owner's. */
    void invalidate(CacheKey key);

    /**
     * Every response is loaded again before it is served, but may still be served while the origin is unavailable: who was
     * invalidated meanwhile is unknown.
     */
    void expireAll();
}
