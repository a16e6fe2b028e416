package io.github.mfagateway.genauth.resilience;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;

import io.github.mfagateway.genauth.GenAuthException;
import io.github.mfagateway.genauth.TransportFailures;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.smallrye.faulttolerance.api.RateLimitException;
import io.smallrye.mutiny.Uni;

/**
 * One of GenAuth's operations behind {@code Bulkhead(Retry(CircuitBreaker(deadline(call))))}. The bulkhead is shared by all
 * operations and outermost, so that the breaker does not count what it rejects; reads share a breaker, and so do writes.
 */
public final class ResilientCall {

    // GenAuth usually takes 200 ms, about a tenth of the default deadline. A call that starts with less left would time
    // out, and the breaker would count the gateway's own waiting as GenAuth's failure
    private static final int LEAST_SHARE = 10;

    private final String name;
    private final String method;
    private final Duration deadline;
    private final Duration least;
    private final CallLimiter limiter;
    private final Tracer tracer;
    private final CallMetrics metrics;
    private final boolean takesInput;
    private final FailureLog log;
    private final ResiliencePolicy policy;

    /** Shared by all operations. */
    public record Common(Duration deadline, CallLimiter limiter, MeterRegistry registry, Tracer tracer) {}

    private ResilientCall(String name, String method, ResiliencePolicy policy, Common common, boolean takesInput) {
        this.name = name;
        this.method = method;
        this.deadline = common.deadline();
        this.least = deadline.dividedBy(LEAST_SHARE);
        this.limiter = common.limiter();
        this.tracer = common.tracer();
        this.policy = policy;
        this.metrics = new CallMetrics(common.registry(), name);
        this.takesInput = takesInput;
        this.log = new FailureLog(name, System::nanoTime);
    }

    /** A read that takes nothing but the token. */
    public static ResilientCall list(String name, ResiliencePolicy reads, Common common) {
        return new ResilientCall(name, "GET", reads, common, false);
    }

    public static ResilientCall read(String name, ResiliencePolicy reads, Common common) {
        return new ResilientCall(name, "GET", reads, common, true);
    }

    public static ResilientCall write(String name, ResiliencePolicy writes, Common common) {
        return new ResilientCall(name, "POST", writes, common, true);
    }

    /**
     * Makes the call.
     *
     * @param exchange one exchange with GenAuth within the given trace; cancelled at the deadline
     * @return the response or a {@link GenAuthException}, within the deadline
     */
    public <T> Uni<T> call(Function<Context, Uni<T>> exchange) {
        return call(exchange, false);
    }

    /** The same without a retry after a failure of GenAuth, because the caller has a stale response. */
    public <T> Uni<T> callOnce(Function<Context, Uni<T>> exchange) {
        return call(exchange, true);
    }

    private <T> Uni<T> call(Function<Context, Uni<T>> exchange, boolean once) {
        long start = System.nanoTime();
        long end = start + deadline.toNanos();
        CallTracing trace = CallTracing.begin(tracer, name, method, policy.state());
        return limiter.call(() -> isTooLate(end) ? timedOut() : retried(exchange, once, end, trace))
                .ifNoItem()
                .after(deadline)
                .failWith(() -> GenAuthException.timedOut(deadline))
                .onFailure()
                .transform(this::asGenAuthException)
                .onTermination()
                .invoke((response, failure, cancelled) -> ended(trace, start, failure, cancelled));
    }

    private void ended(CallTracing trace, long start, Throwable failure, boolean cancelled) {
        metrics.ended(CallMetrics.outcome(failure, cancelled), System.nanoTime() - start);
        if (failure != null) {
            log.failed(failure, trace.id());
        }
        trace.ended(CallMetrics.outcome(failure, cancelled), failure);
    }

    /** Whether it sends more than the token. */
    public boolean takesInput() {
        return takesInput;
    }

    public boolean isPost() {
        return method.equals("POST");
    }

    private <T> Uni<T> retried(Function<Context, Uni<T>> exchange, boolean once, long end, CallTracing trace) {
        AtomicBoolean first = new AtomicBoolean(true);
        return policy.call(
                () -> {
                    if (!first.getAndSet(false)) {
                        metrics.retried();
                    }
                    return leftUntil(end).isZero() ? timedOut() : attempt(exchange, end, trace);
                },
                once,
                () -> !isTooLate(end - ResiliencePolicy.PAUSE.toNanos()));
    }

    private <T> Uni<T> attempt(Function<Context, Uni<T>> exchange, long end, CallTracing trace) {
        Context context = trace.exchange();
        long start = System.nanoTime();
        return exchange.apply(context)
                .onFailure()
                .transform(TransportFailures::named)
                // unlike @Timeout this cancels the exchange; otherwise a slow body would hold its bulkhead permit
                .ifNoItem()
                .after(leftUntil(end).plusMillis(1))
                .failWith(() -> GenAuthException.timedOut(deadline))
                .onTermination()
                .invoke((response, failure, cancelled) -> {
                    String outcome = CallMetrics.outcome(failure, cancelled);
                    metrics.exchanged(outcome, System.nanoTime() - start);
                    CallTracing.ended(context, outcome, failure);
                });
    }

    private <T> Uni<T> timedOut() {
        return Uni.createFrom().failure(GenAuthException.timedOut(deadline));
    }

    private boolean isTooLate(long end) {
        return leftUntil(end).compareTo(least) < 0;
    }

    private static Duration leftUntil(long end) {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    private Throwable asGenAuthException(Throwable failure) {
        if (failure instanceof CircuitBreakerOpenException) {
            return GenAuthException.unavailable(policy.untilProbed());
        }
        if (failure instanceof RateLimitException) {
            return GenAuthException.overloaded("More calls to GenAuth a second than genauth.rate-limit allows");
        }
        return failure instanceof BulkheadException
                ? GenAuthException.overloaded("Too many calls to GenAuth are running and waiting")
                : failure;
    }
}
