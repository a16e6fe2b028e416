package io.github.mfagateway.cache;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/** The loads under way, one per key for those who may share it. Loads and evictions are numbered in the order they begin. */
final class Flights<V> {

    private final ConcurrentMap<CacheKey, Flight<V>> byKey = new ConcurrentHashMap<>();
    private final AtomicLong order = new AtomicLong();
    private final AtomicLong lastEviction = new AtomicLong();

    Flight<V> begin() {
        return new Flight<>(order.incrementAndGet());
    }

    /** The key's flight: another's, if one is under way that began after every eviction, else {@code mine}. */
    Flight<V> join(CacheKey key, Flight<V> mine) {
        return byKey.compute(key, (k, other) -> other != null && other.order() > lastEviction.get() ? other : mine);
    }

    /** Offers a flight for others to join; false if there is another already. */
    boolean offer(CacheKey key, Flight<V> mine) {
        return byKey.putIfAbsent(key, mine) == null;
    }

    void land(CacheKey key, Flight<V> flight, Flight.Landing<V> landing) {
        byKey.remove(key, flight);
        flight.land(landing);
    }

    /** An eviction begins: nobody who asks from now on joins a flight from before. */
    long evict() {
        long now = order.incrementAndGet();
        lastEviction.accumulateAndGet(now, Math::max);
        return now;
    }
}
