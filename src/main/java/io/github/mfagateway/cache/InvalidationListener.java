package io.github.mfagateway.cache;

/** Receives other replicas' invalidations. Users are named by {@link UserDigest}. */
public interface InvalidationListener {

    /** No response of the user's from before is served again. */
    void invalidate(String user);

    /** No response of the key from before is served again, nor one of its owner's. */
    void invalidate(CacheKey key);

    /**
     * Every response is loaded again before it is served, because invalidations may have been missed. It may still be served
     * while the origin is unavailable.
     */
    void expireAll();

    /** No cached response is served again. */
    void invalidateAll();
}
