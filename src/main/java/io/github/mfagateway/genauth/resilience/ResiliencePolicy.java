package io.github.mfagateway.genauth.resilience;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import org.jboss.logging.Logger;

import io.github.mfagateway.config.GenAuthSettings;
import io.github.mfagateway.genauth.GenAuthException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.faulttolerance.api.Guard;
import io.smallrye.mutiny.Uni;

/** {@code Retry(CircuitBreaker(…))}: one for all reads, and one, without a retry, for all writes. */
public final class ResiliencePolicy {

    /** The longest wait before a retry. */
    static final Duration PAUSE = Duration.ofMillis(100);

    private static final Logger LOG = Logger.getLogger(ResiliencePolicy.class);

    private final String calls;
    private final boolean retried;
    private final RetryBudget budget;
    private final RetryBudget staleConnections;
    private final GenAuthSettings.Breaker breaker;
    private final Guard guard;

    private volatile long openedAt;

    private ResiliencePolicy(
            String calls,
            int retries,
            RetryBudget budget,
            RetryBudget staleConnections,
            GenAuthSettings.Breaker breaker,
            MeterRegistry registry) {
        this.calls = calls;
        this.retried = retries > 0;
        this.budget = budget;
        this.staleConnections = staleConnections;
        this.breaker = breaker;
        this.guard = Guard.create()
                .withDescription(name())
                .withRetry()
                .maxRetries(retries)
                // full jitter: between 0 and the longest pause
                .delay(PAUSE.toMillis() / 2, ChronoUnit.MILLIS)
                .jitter(PAUSE.toMillis() / 2, ChronoUnit.MILLIS)
                // the breaker has counted the failure by now
                .whenException(failure -> state() != CircuitBreakerState.OPEN && mayRetry(failure))
                .done()
                .withCircuitBreaker()
                .name(name())
                .requestVolumeThreshold(breaker.requestVolumeThreshold())
                .failureRatio(breaker.failureRatio())
                .delay(breaker.delay().toMillis(), ChronoUnit.MILLIS)
                .successThreshold(breaker.successThreshold())
                .when(ResiliencePolicy::countsForBreaker)
                .onStateChange(this::changed)
                .done()
                .build();
        Gauge.builder("genauth.circuit.breaker.state", () -> number(state()))
                .description("0 closed, 1 half-open, 2 open")
                .tag("calls", calls)
                .register(registry);
    }

    public static ResiliencePolicy reads(GenAuthSettings settings, MeterRegistry registry) {
        RetryBudget budget = RetryBudget.ofRetries();
        Gauge.builder("genauth.retry.budget.ratio", budget, RetryBudget::left)
                .description("Share of the retry budget that is left; successes refill it")
                .strongReference(true)
                .register(registry);
        RetryBudget staleConnections = RetryBudget.ofStaleConnections(settings.maxConcurrent());
        return new ResiliencePolicy("reads", 1, budget, staleConnections, settings.breaker(), registry);
    }

    /** Never retried, because GenAuth may have executed a write whose response was lost. */
    public static ResiliencePolicy writes(GenAuthSettings settings, MeterRegistry registry) {
        RetryBudget none = RetryBudget.ofRetries();
        return new ResiliencePolicy("writes", 0, none, none, settings.breaker(), registry);
    }

    /** {@code reads} or {@code writes}. */
    public String calls() {
        return calls;
    }

    /** The breaker's name in SmallRye Fault Tolerance. */
    private String name() {
        return "genauth-" + calls;
    }

    /**
     * @param once whether only a stale connection is retried, not a failure of GenAuth
     * @param timeForAnother whether a retry could still get a response
     */
    <T> Uni<T> call(Supplier<Uni<T>> attempt, boolean once, BooleanSupplier timeForAnother) {
        AtomicBoolean last = new AtomicBoolean(once || !retried);
        AtomicBoolean staleRetry = new AtomicBoolean(retried);
        AtomicBoolean attempted = new AtomicBoolean();
        return CallLimiter.guarded(guard, () -> first(attempt, attempted, staleRetry)
                // inside the breaker, which counts only the second attempt's outcome
                .onFailure(failure -> isStaleConnection(failure)
                        && timeForAnother.getAsBoolean()
                        && staleRetry.getAndSet(false)
                        && staleConnections.take())
                .recoverWithUni(() -> attempt.get())
                .onItem()
                .invoke(this::succeeded)
                // one retry per call; the guard evaluates its retry condition after the last attempt, too
                .onFailure(failure ->
                        last.getAndSet(true) || retried && !staleRetry.get() || !timeForAnother.getAsBoolean())
                .transform(ResiliencePolicy::lasting));
    }

    /** After a retry of the budget, a stale connection is not retried: one retry per call. */
    private static <T> Uni<T> first(Supplier<Uni<T>> attempt, AtomicBoolean attempted, AtomicBoolean staleRetry) {
        if (attempted.getAndSet(true)) {
            staleRetry.set(false);
        }
        return attempt.get();
    }

    public CircuitBreakerState state() {
        return CircuitBreakerMaintenance.get().currentState(name());
    }

    /** The remaining time until the open breaker is half-open. */
    Duration untilProbed() {
        return breaker.delay().minus(Duration.ofNanos(System.nanoTime() - openedAt));
    }

    private void changed(CircuitBreakerState state) {
        if (state == CircuitBreakerState.OPEN) {
            openedAt = System.nanoTime();
            LOG.warnf(
                    "circuit breaker %s is open: no calls to GenAuth for %d ms",
                    calls, breaker.delay().toMillis());
        } else if (state == CircuitBreakerState.HALF_OPEN) {
            LOG.infof("circuit breaker %s is half-open: %d calls probe GenAuth", calls, breaker.successThreshold());
        } else {
            LOG.infof("circuit breaker %s is closed: GenAuth responds again", calls);
        }
    }

    private void succeeded() {
        budget.earn();
        staleConnections.earn();
    }

    private boolean mayRetry(Throwable failure) {
        return failure instanceof GenAuthException.Failed failed && failed.isTransient() && budget.take();
    }

    /** A connection that GenAuth closed while it was idle does not mean that GenAuth is failing. */
    private static boolean isStaleConnection(Throwable failure) {
        return failure instanceof GenAuthException.Failed failed && failed.isStaleConnection();
    }

    private static Throwable lasting(Throwable failure) {
        return failure instanceof GenAuthException.Failed failed ? failed.lasting() : failure;
    }

    /** A defect counts. */
    private static boolean countsForBreaker(Throwable failure) {
        return !(failure instanceof GenAuthException genauth) || genauth.countsForBreaker();
    }

    private static int number(CircuitBreakerState state) {
        return switch (state) {
            case CLOSED -> 0;
            case HALF_OPEN -> 1;
            case OPEN -> 2;
        };
    }
}
