package io.github.mfagateway.genauth;

import java.time.Duration;
import java.util.function.Function;

import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.faulttolerance.api.RateLimitException;
import io.smallrye.mutiny.Uni;

/**
 * One of GenAuth's endpoints behind {@code Bulkhead(Retry(CircuitBreaker(deadline(call))))}. The bulkhead is shared by all
 * endpoints and outermost, so that what it turns away is not counted by the breaker.
 */
final class GuardedEndpoint {

    // GenAuth's usual 200 ms are about a tenth of the default deadline. A call that has waited until less is left would
    // only be cut off in GenAuth's midst, and the breaker would count our waiting as GenAuth's failure
    private static final int LEAST_SHARE = 10;

    private final String name;
    private final String method;
    private final Duration deadline;
    private final Duration least;
    private final Admission admission;
    private final Tracer tracer;
    private final CallMeters meters;
    private final FailureLog log;
    private final RetryAndBreaker retryAndBreaker;

    /** What all endpoints have in common. */
    record Common(Duration deadline, Admission admission, MeterRegistry registry, Tracer tracer) {}

    private GuardedEndpoint(String name, String method, Common common, int retries, boolean rejectionsAreOurs) {
        this.name = name;
        this.method = method;
        this.deadline = common.deadline();
        this.least = deadline.dividedBy(LEAST_SHARE);
        this.admission = common.admission();
        this.tracer = common.tracer();
        RetryBudget budget = new RetryBudget();
        this.meters = new CallMeters(common.registry(), name, budget, this::breaker);
        this.retryAndBreaker = new RetryAndBreaker(name, retries, budget, meters);
        this.log = new FailureLog(name, rejectionsAreOurs, System::nanoTime);
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
                .call(() -> isTooLate(end) ? timedOut() : retried(exchange, end, trace))
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

    boolean isPost() {
        return method.equals("POST");
    }

    CircuitBreakerState breaker() {
        return retryAndBreaker.state();
    }

    private <T> Uni<T> retried(Function<Context, Uni<T>> exchange, long end, CallTrace trace) {
        return retryAndBreaker.call(
                () -> leftUntil(end).isZero() ? timedOut() : attempt(exchange, end, trace),
                () -> !isTooLate(end - RetryAndBreaker.PAUSE.toNanos()));
    }

    private <T> Uni<T> attempt(Function<Context, Uni<T>> exchange, long end, CallTrace trace) {
        Context context = trace.exchange();
        long start = System.nanoTime();
        return exchange.apply(context)
                .onFailure()
                .transform(Transport::named)
                // unlike @Timeout this cancels the exchange; without it a dribbled body would hold its permit
                .ifNoItem()
                .after(leftUntil(end).plusMillis(1))
                .failWith(() -> new GenAuthException.TimedOut(deadline))
                .onTermination()
                .invoke((answer, failure, cancelled) -> {
                    CallMeters.Outcome outcome =
                            cancelled ? CallMeters.Outcome.CANCELLED : CallMeters.Outcome.of(failure);
                    meters.exchanged(outcome, System.nanoTime() - start);
                    CallTrace.ended(context, outcome, failure);
                });
    }

    private <T> Uni<T> timedOut() {
        return Uni.createFrom().failure(new GenAuthException.TimedOut(deadline));
    }

    private boolean isTooLate(long end) {
        return leftUntil(end).compareTo(least) < 0;
    }

    private static Duration leftUntil(long end) {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    private Throwable asGenAuthException(Throwable failure) {
        if (failure instanceof CircuitBreakerOpenException) {
            return new GenAuthException.Unavailable(retryAndBreaker.untilProbed());
        }
        if (failure instanceof RateLimitException) {
            return new GenAuthException.Overloaded("More calls to GenAuth a second than genauth.rate-limit allows");
        }
        return failure instanceof BulkheadException
                ? new GenAuthException.Overloaded("Too many calls to GenAuth are running and waiting")
                : failure;
    }
}
