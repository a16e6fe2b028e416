package io.github.mfagateway.genauth.resilience;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.mfagateway.genauth.FailureKind;
import io.github.mfagateway.genauth.GenAuthException;
import io.github.mfagateway.genauth.GenAuthStatus;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.smallrye.faulttolerance.api.CircuitBreakerState;

/**
 * The spans of one question to GenAuth: one for the question, waiting and second tries included, and one below it for each
 * exchange. Made by hand, because spans that are made from a request's address have users' and factors' ids in them.
 */
final class CallTracing {

    private final Tracer tracer;
    private final String operation;
    private final String method;
    private final Span question;
    private final Context context;
    private final AtomicInteger exchanges = new AtomicInteger();

    private CallTracing(Tracer tracer, String operation, String method, CircuitBreakerState breaker) {
        Context caller = Context.current();
        this.tracer = tracer;
        this.operation = operation;
        this.method = method;
        this.question = tracer.spanBuilder("GenAuth " + operation)
                .setParent(caller)
                .setAttribute("genauth.operation", operation)
                .setAttribute("genauth.circuit_breaker.state", breaker.name().toLowerCase())
                .startSpan();
        this.context = caller.with(question);
    }

    /** Begins a question, below whatever span the caller is in. */
    static CallTracing begin(Tracer tracer, String operation, String method, CircuitBreakerState breaker) {
        return new CallTracing(tracer, operation, method, breaker);
    }

    /** Begins an exchange; the context is what GenAuth is to be told. */
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
        end(question, outcome, failure);
    }

    /** For people who want to look it up, if there is a trace at all. */
    Optional<String> id() {
        return question.getSpanContext().isSampled()
                ? Optional.of(question.getSpanContext().getTraceId())
                : Optional.empty();
    }

    private static void end(Span span, String outcome, Throwable failure) {
        span.setAttribute("genauth.outcome", outcome);
        if (failure instanceof GenAuthException ours) {
            ours.verdict().ifPresent(verdict -> tell(span, verdict));
        }
        if (failure != null && FailureKind.of(failure).isError()) {
            span.setStatus(StatusCode.ERROR);
        }
        span.end();
    }

    private static void tell(Span span, GenAuthStatus verdict) {
        span.setAttribute("genauth.status_code", (long) verdict.statusCode());
        if (verdict.apiCode() != null) {
            span.setAttribute("genauth.api_code", verdict.apiCode().longValue());
        }
        if (verdict.requestId() != null) {
            span.setAttribute("genauth.request_id", verdict.requestId());
        }
    }
}
