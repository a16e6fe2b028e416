package io.github.mfagateway.genauth.resilience;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A reserve of retries; each takes one, and successes earn it back. So single failures are retried, one after the other, and a
 * total outage costs GenAuth one call a request and the reserve (gRPC A6, "retry throttling"; Finagle's RetryBudget).
 */
final class RetryBudget {

    private final int retry;
    private final int full;
    private final AtomicInteger successes;

    private RetryBudget(int reserve, int successesForRetry) {
        this.retry = successesForRetry;
        this.full = reserve * successesForRetry;
        this.successes = new AtomicInteger(full);
    }

    /** Ten, of which ten successes earn one back. */
    static RetryBudget ofRetries() {
        return new RetryBudget(10, 10);
    }

    /** One for each pooled connection, because GenAuth may have closed all of them; a success earns one back. */
    static RetryBudget ofStaleConnections(int connections) {
        return new RetryBudget(connections, 1);
    }

    void earn() {
        successes.getAndUpdate(held -> Math.min(full, held + 1));
    }

    /** How much of the reserve is left, 0 to 1. */
    double left() {
        return (double) successes.get() / full;
    }

    /** @return false if not a whole retry is left */
    boolean take() {
        return successes.getAndUpdate(held -> held < retry ? held : held - retry) >= retry;
    }
}
