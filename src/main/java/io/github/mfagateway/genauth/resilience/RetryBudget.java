package io.github.mfagateway.genauth.resilience;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A budget of retries; each retry takes one, and successes refill it. Single failures are retried. In an outage GenAuth gets
 * one call a request, and the budget once (gRPC A6, "retry throttling"; Finagle's RetryBudget).
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

    /** Ten retries; ten successes refill one. */
    static RetryBudget ofRetries() {
        return new RetryBudget(10, 10);
    }

    /** One for each pooled connection, because GenAuth may have closed all of them; a success refills one. */
    static RetryBudget ofStaleConnections(int connections) {
        return new RetryBudget(connections, 1);
    }

    void earn() {
        successes.getAndUpdate(held -> Math.min(full, held + 1));
    }

    /** The share of the budget that is left, 0 to 1. */
    double left() {
        return (double) successes.get() / full;
    }

    /** @return false if less than one retry is left */
    boolean take() {
        return successes.getAndUpdate(held -> held < retry ? held : held - retry) >= retry;
    }
}
