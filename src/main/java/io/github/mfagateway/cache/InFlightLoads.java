package io.github.mfagateway.cache;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/** The in-flight loads, at most one per key that others may join. Loads and invalidations are numbered in the order they begin. */
final class InFlightLoads<V> {

    private final ConcurrentMap<CacheKey, InFlightLoad<V>> byKey = new ConcurrentHashMap<>();
    private final AtomicLong order = new AtomicLong();
    private final AtomicLong lastInvalidation = new AtomicLong();

    InFlightLoad<V> begin(long now) {
        return new InFlightLoad<>(order.incrementAndGet(), now, false);
    }

    InFlightLoad<V> beginInBackground(long now) {
        return new InFlightLoad<>(order.incrementAndGet(), now, true);
    }

    /** The order of what begins now. */
    long nextOrder() {
        return order.incrementAndGet();
    }

    /** The key's in-flight load if it began after every invalidation, else {@code mine}. */
    InFlightLoad<V> join(CacheKey key, InFlightLoad<V> mine) {
        return byKey.compute(key, (k, other) -> other != null && other.order() > lastInvalidation.get() ? other : mine);
    }

    /** Lets others join a load; false if they join another one already. */
    boolean offer(CacheKey key, InFlightLoad<V> mine) {
        return byKey.putIfAbsent(key, mine) == null;
    }

    /** @return false if it had completed already */
    boolean complete(CacheKey key, InFlightLoad<V> load, InFlightLoad.Result<V> result) {
        byKey.remove(key, load);
        return load.complete(result);
    }

    /** Begins an invalidation: no caller joins an earlier load any more. */
    long invalidate() {
        long now = order.incrementAndGet();
        lastInvalidation.accumulateAndGet(now, Math::max);
        return now;
    }

    int size() {
        return byKey.size();
    }
}
