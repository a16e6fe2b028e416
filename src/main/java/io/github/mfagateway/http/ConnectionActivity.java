package io.github.mfagateway.http;

import java.util.concurrent.TimeUnit;

/**
 * Since when a connection is idle, receives a request, or is being closed: by this {@link ConnectionRegistry} decides which one
 * to evict. Written on the connection's event loop, read from any thread.
 */
final class ConnectionActivity {

    // within this time a new connection's first request and the rest of a request are expected
    private static final long EXPECTED_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long NEVER = Long.MAX_VALUE;

    private volatile long idleSince = System.nanoTime();
    private volatile long receivingSince = NEVER;
    private volatile long closingSince = NEVER;
    private volatile boolean isNew = true;

    /** Between requests. */
    void idle() {
        idleSince = System.nanoTime();
        received();
    }

    /** A response has been written. */
    void responded() {
        idle();
        if (isNew) {
            isNew = false;
        }
    }

    /** A request is served, or a response is not read. */
    void busy() {
        idleSince = NEVER;
        received();
    }

    private void received() {
        // a volatile write costs more than a read, and most requests arrive at once
        if (receivingSince != NEVER) {
            receivingSince = NEVER;
        }
    }

    /** The rest of a request is awaited. */
    void receiving() {
        idleSince = NEVER;
        if (receivingSince == NEVER) {
            receivingSince = System.nanoTime();
        }
    }

    void closing() {
        idleSince = NEVER;
        closingSince = System.nanoTime();
    }

    boolean isIdle() {
        return idleSince != NEVER;
    }

    /** Nanoseconds since the first bytes of an incomplete request; -1 if there is none. */
    long receivingFor(long now) {
        long since = receivingSince;
        return since == NEVER ? -1 : now - since;
    }

    /**
     * The connection with the highest value is evicted first. The order: closing, incomplete request, idle, new; within each
     * rank the oldest. Negative while a request is served or a response is read.
     */
    long evictionOrder(long now) {
        long closing = closingSince;
        long incomplete = receivingFor(now);
        long idle = idleSince;
        if (closing != NEVER) {
            return order(3, now - closing);
        } else if (incomplete >= 0) {
            return order(incomplete < EXPECTED_NANOS ? 0 : 2, incomplete);
        } else if (idle == NEVER) {
            return -1;
        }
        return order(isNew && now - idle < EXPECTED_NANOS ? 0 : 1, now - idle);
    }

    /** Differences between ranks exceed any age. */
    private static long order(long rank, long nanos) {
        return (rank << 60) + Math.max(0, nanos);
    }
}
