package io.github.mfagateway.genauth;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;

import org.jboss.logging.Logger;

import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.faulttolerance.api.Guard;
import io.smallrye.mutiny.Uni;

/** {@code Retry(CircuitBreaker(…))} around one endpoint's calls. */
final class RetryAndBreaker {

    // 10 failures among the last 20 calls; 5 s off; 2 calls that must both succeed
    private static final int WINDOW = 20;
    private static final double FAILURE_RATIO = 0.5;
    private static final Duration OPEN_FOR = Duration.ofSeconds(5);
    private static final int PROBES = 2;

    private static final Logger LOG = Logger.getLogger(RetryAndBreaker.class);

    private final String name;
    private final RetryBudget budget;
    private final Guard guard;

    private volatile long openedAt;

    RetryAndBreaker(String name, int retries, RetryBudget budget, CallMeters meters) {
        this.name = name;
        this.budget = budget;
        this.guard = Guard.create()
                .withDescription(name)
                .withRetry()
                .maxRetries(retries)
                // full jitter: anywhere between now and 100 ms
                .delay(50, ChronoUnit.MILLIS)
                .jitter(50, ChronoUnit.MILLIS)
                .whenException(failure -> retries > 0 && isPassing(failure) && budget.take())
                .beforeRetry(meters::retried)
                .done()
                .withCircuitBreaker()
                .name(name)
                .requestVolumeThreshold(WINDOW)
                .failureRatio(FAILURE_RATIO)
                .delay(OPEN_FOR.toMillis(), ChronoUnit.MILLIS)
                .successThreshold(PROBES)
                .when(RetryAndBreaker::isGenAuthsFault)
                .onStateChange(this::changed)
                .done()
                .build();
    }

    <T> Uni<T> call(Supplier<Uni<T>> attempt) {
        return Admission.guarded(guard, () -> attempt.get().onItem().invoke(budget::earn));
    }

    CircuitBreakerState state() {
        return CircuitBreakerMaintenance.get().currentState(name);
    }

    /** What is left of the time that GenAuth is not asked, when the breaker is open. */
    Duration untilProbed() {
        return OPEN_FOR.minus(Duration.ofNanos(System.nanoTime() - openedAt));
    }

    private void changed(CircuitBreakerState state) {
        if (state == CircuitBreakerState.OPEN) {
            openedAt = System.nanoTime();
            LOG.warnf("circuit breaker %s is open: GenAuth is not asked for %d s", name, OPEN_FOR.toSeconds());
        } else if (state == CircuitBreakerState.HALF_OPEN) {
            LOG.infof("circuit breaker %s is half-open: %d calls probe GenAuth", name, PROBES);
        } else {
            LOG.infof("circuit breaker %s is closed: GenAuth answers again", name);
        }
    }

    private static boolean isPassing(Throwable failure) {
        return failure instanceof GenAuthException.Failed failed && failed.isPassing();
    }

    /** A refused token or a rejected call says nothing about GenAuth's health; neither does what was never sent. */
    private static boolean isGenAuthsFault(Throwable failure) {
        return !(failure instanceof GenAuthException.TokenRefused
                || failure instanceof GenAuthException.UserRefused
                || failure instanceof GenAuthException.Rejected);
    }
}
