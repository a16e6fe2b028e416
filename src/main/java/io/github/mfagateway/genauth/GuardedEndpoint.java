package io.github.mfagateway.genauth;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.function.Function;
import java.util.function.Supplier;

import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.jboss.logging.Logger;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.faulttolerance.api.Guard;
import io.smallrye.faulttolerance.api.RateLimitException;
import io.smallrye.mutiny.Uni;

/**
 * One of GenAuth's endpoints behind {@code Bulkhead(Retry(CircuitBreaker(deadline(call))))}. The bulkhead is shared by all
 * endpoints and outermost, so that what it turns away is not counted by the breaker.
 */
final class GuardedEndpoint {

    // 10 failures among the last 20 calls; 5 s off; 2 calls that must both succeed
    private static final int WINDOW = 20;
    private static final double FAILURE_RATIO = 0.5;
    private static final Duration OPEN_FOR = Duration.ofSeconds(5);
    private static final int PROBES = 2;

    private static final Logger LOG = Logger.getLogger(GuardedEndpoint.class);

    private final String name;
    private final String method;
    private final Duration deadline;
    private final Admission admission;
    private final Tracer tracer;
    private final CallMeters meters;
    private final FailureLog log;
    private final Guard retryAndBreaker;
    private final RetryBudget budget = new RetryBudget();

    private volatile long openedAt;

    /** What all endpoints have in common. */
    record Common(Duration deadline, Admission admission, MeterRegistry registry, Tracer tracer) {}

    private GuardedEndpoint(String name, String method, Common common, int retries, boolean rejectionsAreOurs) {
        this.name = name;
        this.method = method;
        this.deadline = common.deadline();
        this.admission = common.admission();
        this.tracer = common.tracer();
        this.meters = new CallMeters(common.registry(), name, budget, this::breaker);
        this.log = new FailureLog(name, rejectionsAreOurs, System::nanoTime);
        this.retryAndBreaker = Guard.create()
                .withDescription(name)
                .withRetry()
                .maxRetries(retries)
                // full jitter: anywhere between now and 100 ms
                .delay(50, ChronoUnit.MILLIS)
                .jitter(50, ChronoUnit.MILLIS)
                .whenException(failure -> isPassing(failure) && budget.take())
                .beforeRetry(meters::retried)
                .done()
                .withCircuitBreaker()
                .name(name)
                .requestVolumeThreshold(WINDOW)
                .failureRatio(FAILURE_RATIO)
                .delay(OPEN_FOR.toMillis(), ChronoUnit.MILLIS)
                .successThreshold(PROBES)
                .when(GuardedEndpoint::isGenAuthsFault)
                .onStateChange(this::changed)
                .done()
                .build();
    }

    /** A read that takes nothing but the token. */
    static GuardedEndpoint list(String name, Common common) {
        return new GuardedEndpoint(name, "GET", common, 1, true);
    }

    static GuardedEndpoint read(String name, Common common) {
        return new GuardedEndpoint(name, "GET", common, 1, false);
    }

    /** Never retried: a lost answer may hide a done deed. */
    static GuardedEndpoint write(String name, Common common) {
        return new GuardedEndpoint(name, "POST", common, 0, false);
    }

    /**
     * Makes the call.
     *
     * @param exchange one exchange with GenAuth, envelope opened, as part of the trace it is given; it is cancelled when the
     *     deadline passes
     * @return the answer, or a {@link GenAuthException}, within the deadline
     */
    <T> Uni<T> call(Function<Context, Uni<T>> exchange) {
        long start = System.nanoTime();
        long end = start + deadline.toNanos();
        CallTrace trace = CallTrace.begin(tracer, name, method, breaker());
        return admission
                .call(() -> leftUntil(end).isZero() ? timedOut() : retried(exchange, end, trace))
                .ifNoItem()
                .after(deadline)
                .failWith(() -> new GenAuthException.TimedOut(deadline))
                .onFailure()
                .transform(this::asGenAuthException)
                .onTermination()
                .invoke((answer, failure, hungUp) -> ended(trace, start, failure, hungUp));
    }

    private void ended(CallTrace trace, long start, Throwable failure, boolean hungUp) {
        CallMeters.Outcome outcome = hungUp ? CallMeters.Outcome.CANCELLED : CallMeters.Outcome.of(failure);
        meters.ended(outcome, System.nanoTime() - start);
        log.failed(outcome, failure, trace.id());
        trace.ended(outcome, failure);
    }

    String name() {
        return name;
    }

    CircuitBreakerState breaker() {
        return CircuitBreakerMaintenance.get().currentState(name);
    }

    private <T> Uni<T> retried(Function<Context, Uni<T>> exchange, long end, CallTrace trace) {
        return guarded(retryAndBreaker, () -> leftUntil(end).isZero() ? timedOut() : attempt(exchange, end, trace));
    }

    private <T> Uni<T> attempt(Function<Context, Uni<T>> exchange, long end, CallTrace trace) {
        Context context = trace.exchange();
        return exchange.apply(context)
                .onItem()
                .invoke(budget::earn)
                .onFailure()
                .transform(Transport::named)
                // unlike @Timeout this cancels the exchange; without it a dribbled body would hold its permit
                .ifNoItem()
                .after(leftUntil(end).plusMillis(1))
                .failWith(() -> new GenAuthException.TimedOut(deadline))
                .onTermination()
                .invoke((answer, failure, cancelled) -> CallTrace.ended(
                        context, cancelled ? CallMeters.Outcome.CANCELLED : CallMeters.Outcome.of(failure), failure));
    }

    private <T> Uni<T> timedOut() {
        return Uni.createFrom().failure(new GenAuthException.TimedOut(deadline));
    }

    private static Duration leftUntil(long end) {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    private Throwable asGenAuthException(Throwable failure) {
        if (failure instanceof CircuitBreakerOpenException) {
            Duration since = Duration.ofNanos(System.nanoTime() - openedAt);
            return new GenAuthException.Unavailable(OPEN_FOR.minus(since));
        }
        if (failure instanceof RateLimitException) {
            return new GenAuthException.Overloaded("More calls to GenAuth a second than genauth.rate-limit allows");
        }
        return failure instanceof BulkheadException
                ? new GenAuthException.Overloaded("Too many calls to GenAuth are running and waiting")
                : failure;
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

    @SuppressWarnings({"unchecked", "rawtypes"})
    static <T> Uni<T> guarded(Guard guard, Supplier<Uni<T>> call) {
        return (Uni<T>) guard.get((Supplier) call, Uni.class);
    }
}
