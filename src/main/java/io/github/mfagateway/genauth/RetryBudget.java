package io.github.mfagateway.genauth;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Holds one retry, spent by a retry and earned back by ten answers. So a blip is bridged, and a total outage costs GenAuth one
 * call more than there were requests (gRPC A6, "retry throttling").
 */
final class RetryBudget {

    private static final int RETRY = 10;

    private final AtomicInteger tenths = new AtomicInteger(RETRY);

    void earn() {
        tenths.getAndUpdate(held -> Math.min(RETRY, held + 1));
    }

    /** How much of a retry is held, 0 to 1. */
    double held() {
        return (double) tenths.get() / RETRY;
    }

    boolean take() {
        return tenths.compareAndSet(RETRY, 0);
    }
}
