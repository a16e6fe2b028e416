package io.github.mfagateway.genauth.resilience;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.mfagateway.genauth.EnvelopeStatus;
import io.github.mfagateway.genauth.FailureKind;
import io.github.mfagateway.genauth.GenAuthException;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.smallrye.faulttolerance.api.CircuitBreakerState;

/**
 * The spans of one call to GenAuth: one for the call, including waiting and retries, and a child for each exchange. Created
 * by hand, because the REST client's own spans contain users' and factors' ids.
 */
final class CallTracing {

    private final Tracer tracer;
    private final String operation;
    private final String method;
    private final Span call;
    private final Context context;
    private final AtomicInteger exchanges = new AtomicInteger();

    private CallTracing(Tracer tracer, String operation, String method, CircuitBreakerState breaker) {
        Context caller = Context.current();
        this.tracer = tracer;
        this.operation = operation;
        this.method = method;
        this.call = tracer.spanBuilder("GenAuth " + operation)
                .setParent(caller)
                .setAttribute("genauth.operation", operation)
                .setAttribute("genauth.circuit_breaker.state", breaker.name().toLowerCase())
                .startSpan();
        this.context = caller.with(call);
    }

    /** Starts the span of a call, as a child of the current one. */
    static CallTracing begin(Tracer tracer, String operation, String method, CircuitBreakerState breaker) {
        return new CallTracing(tracer, operation, method, breaker);
    }

    /** Starts the span of an exchange, and returns the context to propagate to GenAuth. */
    Context exchange() {
        int before = exchanges.getAndIncrement();
        Span exchange = tracer.spanBuilder(method + " /api/v3/" + operation)
                .setParent(context)
                .setSpanKind(SpanKind.CLIENT)
                .setAttribute("http.request.method", method)
                .setAttribute("url.template", "/api/v3/" + operation)
                .startSpan();
        if (before > 0) {
            exchange.setAttribute("http.request.resend_count", (long) before);
        }
        return context.with(exchange);
    }

    static void ended(Context exchange, String outcome, Throwable failure) {
        end(Span.fromContext(exchange), outcome, failure);
    }

    void ended(String outcome, Throwable failure) {
        end(call, outcome, failure);
    }

    /** The trace id for log lines, if the trace is sampled. */
    Optional<String> id() {
        return call.getSpanContext().isSampled()
                ? Optional.of(call.getSpanContext().getTraceId())
                : Optional.empty();
    }

    private static void end(Span span, String outcome, Throwable failure) {
        span.setAttribute("genauth.outcome", outcome);
        if (failure instanceof GenAuthException genauth) {
            genauth.genauthStatus().ifPresent(genauthStatus -> setAttributes(span, genauthStatus));
        }
        if (failure != null && FailureKind.of(failure).isError()) {
            span.setStatus(StatusCode.ERROR);
        }
        span.end();
    }

    private static void setAttributes(Span span, EnvelopeStatus genauthStatus) {
        span.setAttribute("genauth.status_code", (long) genauthStatus.statusCode());
        if (genauthStatus.apiCode() != null) {
            span.setAttribute("genauth.api_code", genauthStatus.apiCode().longValue());
        }
        if (genauthStatus.requestId() != null) {
            span.setAttribute("genauth.request_id", genauthStatus.requestId());
        }
    }
}
