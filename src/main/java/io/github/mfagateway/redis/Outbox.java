package io.github.mfagateway.redis;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Evictions that Redis has not confirmed, each once. Bounded: when too many users were evicted to tell them one by one,
 * everything must be forgotten. Of refused keys the oldest go: a flood of bad tokens must not bring that about.
 */
final class Outbox {

    // a few megabytes; at ten enrollments a second, a quarter of an hour without Redis
    static final int MOST = 10_000;

    private final Map<Eviction, Long> evicted = new LinkedHashMap<>();
    private final Map<Eviction, Long> refused = new Bounded();

    private long number;
    private boolean overflown;
    private volatile int size;
    private volatile boolean quiet = true;

    /** @return its number, for {@link #confirm} */
    synchronized long add(Eviction eviction) {
        number++;
        switch (eviction.kind()) {
            case REMOVE -> refused.put(eviction, number);
            case EVICT -> {
                if (evicted.size() < MOST || evicted.containsKey(eviction)) {
                    evicted.put(eviction, number);
                } else {
                    overflown = true;
                }
            }
        }
        return count(number);
    }

    /** Redis has it, unless it was added again since. */
    synchronized void confirm(Eviction eviction, long added) {
        List.of(evicted, refused).forEach(map -> map.remove(eviction, added));
        count(0);
    }

    /** Redis forgot everything. */
    synchronized void confirmForgotten() {
        overflown = false;
        count(0);
    }

    synchronized boolean isOverflown() {
        return overflown;
    }

    synchronized List<Map.Entry<Eviction, Long>> some(int most) {
        return Stream.of(evicted, refused)
                .flatMap(map -> map.entrySet().stream())
                .limit(most)
                .map(entry -> Map.entry(entry.getKey(), entry.getValue()))
                .toList();
    }

    int size() {
        return size;
    }

    /** Whether everybody's answers may be looked for: a removal keeps nobody else from it, and its key is refused here. */
    boolean holdsNoEviction() {
        return quiet;
    }

    private long count(long result) {
        int evictions = evicted.size() + (overflown ? 1 : 0);
        quiet = evictions == 0;
        size = evictions + refused.size();
        return result;
    }

    /** The oldest go. */
    private static final class Bounded extends LinkedHashMap<Eviction, Long> {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Eviction, Long> eldest) {
            return size() > MOST;
        }
    }
}
