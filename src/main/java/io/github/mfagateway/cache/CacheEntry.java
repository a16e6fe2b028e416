package io.github.mfagateway.cache;

import java.time.Duration;

/** One cached response. */
final class CacheEntry<V> {

    static final long NEVER = Long.MAX_VALUE;

    // the age of another replica's response differs by some milliseconds each time it is read
    private static final long NOISE = Duration.ofMillis(500).toNanos();

    private record Throttled(LoadThrottle why, long until, long responses) {}

    private final V response;
    private final EntryOwner user;
    private final FreshnessLifetimes lifetimes;
    private final long fetchedAt;
    private final long expiresAt;
    private final long order;
    private final boolean adopted;

    private volatile Throttled throttled;

    /**
     * @param expiresAt the end of the token's life, in milliseconds of the wall clock; or {@link #NEVER}
     * @param order of the load that fetched it, or that adopted it
     * @param adopted whether another replica fetched it, at some time before that load
     */
    CacheEntry(
            V response,
            EntryOwner user,
            FreshnessLifetimes lifetimes,
            long fetchedAt,
            long expiresAt,
            long order,
            boolean adopted) {
        this.response = response;
        this.user = user;
        this.lifetimes = lifetimes;
        this.fetchedAt = fetchedAt;
        this.expiresAt = expiresAt;
        this.order = order;
        this.adopted = adopted;
    }

    V response() {
        return response;
    }

    FreshnessLifetimes lifetimes() {
        return lifetimes;
    }

    long expiresAt() {
        return expiresAt;
    }

    long age(long now) {
        return now - fetchedAt;
    }

    boolean isFresh(long now) {
        return age(now) < lifetimes.fresh();
    }

    /** The remaining lifetime, in nanoseconds. */
    long left(long now) {
        return Math.max(0, lifetimes.end() - age(now));
    }

    boolean wasFetchedWellBefore(CacheEntry<V> other) {
        return other.fetchedAt - fetchedAt > NOISE;
    }

    EntryOwner user() {
        return user;
    }

    /** True if its load began before {@code other}, a load or an invalidation. */
    boolean isOlderThan(long other) {
        return order < other;
    }

    boolean isOlderThan(CacheEntry<V> other) {
        return order < other.order;
    }

    boolean isNewerThan(long other) {
        return order > other;
    }

    boolean isAdopted() {
        return adopted;
    }

    /** True if another replica fetched it, well before {@code other}. */
    boolean isOlderCopyThan(CacheEntry<V> other) {
        return adopted && wasFetchedWellBefore(other);
    }

    /** True if its load began before its user was invalidated. */
    boolean isInvalidated() {
        return user.invalidatedAfter(order);
    }

    /** @param responses the number of responses of the origin so far, for all keys */
    LoadThrottle throttle(long now, long responses) {
        Throttled current = throttled;
        if (current == null) {
            return LoadThrottle.NONE;
        }
        if (now - current.until < 0) {
            return current.why;
        }
        return current.why == LoadThrottle.LATE && responses == current.responses
                ? LoadThrottle.ENDED_LATE
                : LoadThrottle.NONE;
    }

    /**
     * Starts a throttle. A running one is not extended, so that failures of one load do not add up; unless GenAuth, or the
     * circuit breaker, says how long to wait.
     *
     * @param stated whether it says so
     * @param responses the number of responses of the origin so far
     */
    void throttle(LoadThrottle why, long now, long nanos, boolean stated, long responses) {
        Throttled current = throttled;
        boolean runs = current != null && now - current.until < 0;
        if (!runs
                || current.why == LoadThrottle.FAILED && why != LoadThrottle.FAILED
                || stated && now + nanos - current.until > 0) {
            throttled = new Throttled(why, now + nanos, responses);
        }
    }
}
