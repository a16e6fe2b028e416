package io.github.mfagateway.redis;

import java.util.BitSet;

/**
 * Opens when half of the last commands failed, and stays open. Not the fault tolerance library's, because that one lets
 * callers probe: here a session that is over is followed by another one, and nobody who asks waits for it.
 */
final class Breaker {

    private static final int WINDOW = 8;
    private static final int MOST_FAILURES = 4;

    private final BitSet failures = new BitSet(WINDOW);
    private int next;

    /** @return whether it opened */
    synchronized boolean count(boolean failed) {
        failures.set(next, failed);
        next = (next + 1) % WINDOW;
        return failures.cardinality() >= MOST_FAILURES;
    }
}
