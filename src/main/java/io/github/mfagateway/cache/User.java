package io.github.mfagateway.cache;

/** What all of one user's entries share, so that they can be evicted by one write, without a list of them. */
final class User {

    private volatile long evictedAt;
    private volatile long distrustedAt;

    synchronized void evict(long order) {
        evictedAt = Math.max(evictedAt, order);
    }

    synchronized void distrust(long order) {
        distrustedAt = Math.max(distrustedAt, order);
    }

    boolean evictedAfter(long order) {
        return evictedAt > order;
    }

    boolean distrustedAfter(long order) {
        return distrustedAt > order;
    }
}
