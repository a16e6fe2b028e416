package io.github.mfagateway.cache.redis;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.github.benmanes.caffeine.cache.Ticker;

/**
 * This replica's invalidations within the lifetime of a cached response. They are published again to a server that may not
 * have them. If there are too many, they are replaced by one of everything.
 */
final class RecentInvalidations {

    // takes a few megabytes; allows more than ten enrollments a second during a response's lifetime
    static final int MOST = 10_000;

    /** An invalidation and the server that has it. */
    static final class Logged {

        private final Invalidation invalidation;
        private final long madeAt;
        private volatile String confirmedBy;

        private Logged(Invalidation invalidation, long madeAt) {
            this.invalidation = invalidation;
            this.madeAt = madeAt;
        }

        Invalidation invalidation() {
            return invalidation;
        }
    }

    private final Map<Invalidation, Logged> records = new LinkedHashMap<>();
    private final Ticker ticker;
    private final long lifetime;
    private int unconfirmed;
    private int starting;
    private boolean overflowed;
    private volatile boolean allConfirmed = true;
    private volatile int pending;

    /** @param lifetime of a cached response */
    RecentInvalidations(Ticker ticker, Duration lifetime) {
        this.ticker = ticker;
        this.lifetime = lifetime.toNanos();
    }

    /** An invalidation starts. Until {@link #finish} and its confirmation, Redis may contain invalid entries. */
    synchronized void start() {
        starting++;
        changed();
    }

    synchronized void finish() {
        starting--;
        changed();
    }

    synchronized Logged add(Invalidation invalidation) {
        removeExpired();
        if (records.size() >= MOST && !records.containsKey(invalidation)) {
            records.clear();
            unconfirmed = 0;
            put(Invalidation.ALL);
            overflowed = true;
        }
        Logged added = put(invalidation);
        changed();
        return added;
    }

    private Logged put(Invalidation invalidation) {
        Logged replaced = records.remove(invalidation);
        if (replaced == null || replaced.confirmedBy != null) {
            unconfirmed++;
        }
        Logged added = new Logged(invalidation, ticker.read());
        records.put(invalidation, added);
        return added;
    }

    /** Whether there were too many since the last call, so that everything is to be published as invalid. */
    synchronized boolean takeOverflow() {
        boolean taken = overflowed;
        overflowed = false;
        return taken;
    }

    /** Marks it as confirmed by the server, unless it was repeated since. */
    synchronized void confirm(Logged confirmed, String replicationId) {
        if (records.get(confirmed.invalidation) == confirmed) {
            if (confirmed.confirmedBy == null) {
                unconfirmed--;
            }
            confirmed.confirmedBy = replicationId;
            changed();
        }
    }

    /** The invalidations that this server may not have. */
    synchronized List<Logged> unconfirmedBy(String replicationId, int most) {
        removeExpired();
        changed();
        return records.values().stream()
                .filter(record -> !replicationId.equals(record.confirmedBy))
                .limit(most)
                .toList();
    }

    /** Whether every invalidation is confirmed; otherwise a lookup could return an invalid entry. */
    boolean isConfirmed() {
        return allConfirmed;
    }

    /** The number of invalidations that no server has confirmed. */
    int pending() {
        return pending;
    }

    /** Responses that were cached before them have expired, too. */
    private void removeExpired() {
        long now = ticker.read();
        Iterator<Logged> oldest = records.values().iterator();
        while (oldest.hasNext()) {
            Logged next = oldest.next();
            if (now - next.madeAt < lifetime) {
                return;
            }
            oldest.remove();
            if (next.confirmedBy == null) {
                unconfirmed--;
            }
        }
    }

    private void changed() {
        pending = unconfirmed;
        allConfirmed = unconfirmed + starting == 0;
    }
}
