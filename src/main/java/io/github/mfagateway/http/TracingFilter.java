package io.github.mfagateway.http;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.netty.handler.codec.http.HttpHeaders;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * Creates a span for each request within the caller's trace. Replaces Quarkus' spans, because these have the request's path,
 * which can contain a factor's id.
 */
final class TracingFilter {

    private static final AttributeKey<List<String>> CACHE_STATUS =
            AttributeKey.stringArrayKey("http.response.header.cache-status");

    private final Tracer tracer;
    private final boolean disabled;

    TracingFilter(Tracer tracer, boolean disabled) {
        this.tracer = tracer;
        this.disabled = disabled;
    }

    void handle(RoutingContext routing) {
        if (!disabled) {
            trace(routing);
        }
        routing.next();
    }

    private void trace(RoutingContext routing) {
        String method = RouteTemplateFilter.method(routing.request().method().name());
        Context caller = caller(routing.request().headers()::getAll);
        Span span = start(method, caller);
        // on the request's own Vert.x context; the trace is propagated to GenAuth even if it is not sampled
        caller.with(span).makeCurrent();
        if (span.isRecording()) {
            io.vertx.core.Context request = Vertx.currentContext();
            routing.addEndHandler(sent -> {
                HttpServerResponse response = routing.response();
                String route = request.getLocal(RouteTemplateFilter.ROUTE);
                end(
                        span,
                        method,
                        RouteTemplateFilter.UNKNOWN.equals(route) ? null : route,
                        response.getStatusCode(),
                        response.headers().get("Cache-Status"));
            });
        }
    }

    /**
     * Records a span for a response that is already complete.
     *
     * @param route null if there is no resource
     * @param cacheStatus null if there is none
     */
    void record(HttpHeaders headers, String method, String route, int status, String cacheStatus) {
        if (!disabled) {
            Span span = start(method, caller(headers::getAll));
            if (span.isRecording()) {
                end(span, method, route, status, cacheStatus);
            }
        }
    }

    private static Context caller(Function<String, List<String>> headers) {
        return W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, HEADERS);
    }

    private Span start(String method, Context caller) {
        return tracer.spanBuilder(method)
                .setParent(caller)
                .setSpanKind(SpanKind.SERVER)
                .startSpan();
    }

    private static void end(Span span, String method, String route, int status, String cacheStatus) {
        if (route != null) {
            span.updateName(method + " " + route);
            span.setAttribute("http.route", route);
        }
        span.setAttribute("http.request.method", method);
        span.setAttribute("http.response.status_code", (long) status);
        if (cacheStatus != null) {
            span.setAttribute(CACHE_STATUS, List.of(cacheStatus));
        }
        if (status >= 500) {
            span.setStatus(StatusCode.ERROR);
        }
        span.end();
    }

    /** W3C Trace Context, section 3.3.1.1: tracestate may come in several lines, and a line may be empty. */
    private static final TextMapGetter<Function<String, List<String>>> HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Function<String, List<String>> headers) {
            // unused: the W3C propagator gets its headers by name
            return List.of();
        }

        @Override
        public String get(Function<String, List<String>> headers, String name) {
            String joined =
                    headers.apply(name).stream().filter(line -> !line.isBlank()).collect(Collectors.joining(","));
            return joined.isEmpty() ? null : joined;
        }
    };
}
