package io.github.mfagateway.factors;

import java.util.List;

import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

import org.eclipse.microprofile.config.inject.ConfigProperty;

import io.netty.handler.codec.http.HttpHeaders;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * A span for each request, as part of its caller's trace. By hand, because the spans that Quarkus makes have the request's path
 * in them, and a path can hold a factor's id. Where tracing is off no request comes by here.
 */
@Singleton
class RequestSpans {

    // before FrontDoor, whose refusals are answers too
    private static final int FIRST = FrontDoor.FIRST + 1;

    private static final AttributeKey<List<String>> CACHE_STATUS =
            AttributeKey.stringArrayKey("http.response.header.cache-status");

    private final Tracer tracer;
    private final boolean off;

    RequestSpans(Tracer tracer, @ConfigProperty(name = "quarkus.otel.sdk.disabled") boolean off) {
        this.tracer = tracer;
        this.off = off;
    }

    void register(@Observes Filters filters) {
        if (!off) {
            filters.register(this::trace, FIRST);
        }
    }

    private void trace(RoutingContext routing) {
        String method = method(routing.request());
        io.opentelemetry.context.Context caller = caller(routing.request(), HEADERS);
        Span span = start(method, caller);
        // on the request's own Vert.x context, which ends with it; GenAuth is told of a trace that nobody records too
        caller.with(span).makeCurrent();
        if (span.isRecording()) {
            Context request = Vertx.currentContext();
            routing.addEndHandler(sent -> {
                HttpServerResponse response = routing.response();
                end(
                        span,
                        method,
                        Route.of(request),
                        response.getStatusCode(),
                        response.headers().get("Cache-Status"));
            });
        }
        routing.next();
    }

    /** A span for a request that was answered at once. */
    void answered(HttpHeaders headers, String route, int status, String cacheStatus) {
        if (!off) {
            Span span = start("GET", caller(headers, NETTY_HEADERS));
            if (span.isRecording()) {
                end(span, "GET", route, status, cacheStatus);
            }
        }
    }

    private static <C> io.opentelemetry.context.Context caller(C headers, TextMapGetter<C> getter) {
        return W3CTraceContextPropagator.getInstance()
                .extract(io.opentelemetry.context.Context.root(), headers, getter);
    }

    private Span start(String method, io.opentelemetry.context.Context caller) {
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

    /** A caller can make up any number of methods; there are only so many names for spans. */
    static String method(HttpServerRequest request) {
        return HttpMethod.values().contains(request.method()) ? request.method().name() : "_OTHER";
    }

    private static final TextMapGetter<HttpServerRequest> HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(HttpServerRequest request) {
            return request.headers().names();
        }

        @Override
        public String get(HttpServerRequest request, String header) {
            return request.getHeader(header);
        }
    };

    private static final TextMapGetter<HttpHeaders> NETTY_HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(HttpHeaders headers) {
            return headers.names();
        }

        @Override
        public String get(HttpHeaders headers, String header) {
            return headers.get(header);
        }
    };
}
