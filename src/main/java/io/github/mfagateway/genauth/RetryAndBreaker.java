package io.github.mfagateway.genauth;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
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

    /** The longest that is waited before a second try. */
    static final Duration PAUSE = Duration.ofMillis(100);

    private static final Logger LOG = Logger.getLogger(RetryAndBreaker.class);

    private final String name;
    private final boolean retried;
    private final RetryBudget budget;
    private final Guard guard;

    private volatile long openedAt;

    RetryAndBreaker(String name, int retries, RetryBudget budget, CallMeters meters) {
        this.name = name;
        this.retried = retries > 0;
        this.budget = budget;
        this.guard = Guard.create()
                .withDescription(name)
                .withRetry()
                .maxRetries(retries)
                // full jitter: anywhere between now and then
                .delay(PAUSE.toMillis() / 2, ChronoUnit.MILLIS)
                .jitter(PAUSE.toMillis() / 2, ChronoUnit.MILLIS)
                // the breaker has counted the failure by now
                .whenException(failure -> isPassing(failure) && state() != CircuitBreakerState.OPEN && budget.take())
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

    /** @param timeForAnother whether a second try could still be answered */
    <T> Uni<T> call(Supplier<Uni<T>> attempt, BooleanSupplier timeForAnother) {
        AtomicBoolean second = new AtomicBoolean(!retried);
        return Admission.guarded(guard, () -> attempt.get()
                .onItem()
                .invoke(budget::earn)
                // the guard asks after every try, the last one too, whether another is worth it
                .onFailure(failure -> second.getAndSet(true) || !timeForAnother.getAsBoolean())
                .transform(RetryAndBreaker::lasting));
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

    private static Throwable lasting(Throwable failure) {
        return failure instanceof GenAuthException.Failed failed ? failed.lasting() : failure;
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
