package io.github.mfagateway.genauth;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A reserve of ten retries; each takes one, and ten successes earn one back. So single failures are retried, one after the
 * other, and a total outage costs GenAuth one call a request and the reserve (gRPC A6, "retry throttling"; Finagle's
 * RetryBudget).
 */
final class RetryBudget {

    static final int RESERVE = 10;

    private static final int RETRY = 10;
    private static final int FULL = RESERVE * RETRY;

    private final AtomicInteger tenths = new AtomicInteger(FULL);

    void earn() {
        tenths.getAndUpdate(held -> Math.min(FULL, held + 1));
    }

    /** How much of the reserve is left, 0 to 1. */
    double left() {
        return (double) tenths.get() / FULL;
    }

    /** @return false if not a whole retry is left */
    boolean take() {
        return tenths.getAndUpdate(held -> held < RETRY ? held : held - RETRY) >= RETRY;
    }
}
