package io.github.mfagateway.cache;

/** What all of one user's entries share, so that they can be evicted by one write, without a list of them. */
final class User {

    private volatile long evictedAt;

    synchronized void evict(long order) {
        evictedAt = Math.max(evictedAt, order);
    }

    boolean evictedAfter(long order) {
        return evictedAt > order;
    }
}
