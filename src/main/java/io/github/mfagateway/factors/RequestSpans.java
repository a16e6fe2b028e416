package io.github.mfagateway.factors;

import java.util.List;

import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

import org.eclipse.microprofile.config.inject.ConfigProperty;

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
    private static final int BEHIND_FRESH_ANSWERS = FreshAnswers.SECOND - 1;

    private static final String UNSAMPLED = "unsampled";

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
            filters.register(RequestSpans::carryOn, BEHIND_FRESH_ANSWERS);
        }
    }

    private void trace(RoutingContext routing) {
        io.opentelemetry.context.Context caller = W3CTraceContextPropagator.getInstance()
                .extract(io.opentelemetry.context.Context.root(), routing.request(), HEADERS);
        Span span = tracer.spanBuilder(method(routing.request()))
                .setParent(caller)
                .setSpanKind(SpanKind.SERVER)
                .startSpan();
        if (span.isRecording()) {
            // on the request's own Vert.x context, which ends with it
            caller.with(span).makeCurrent();
            Context request = Vertx.currentContext();
            routing.addEndHandler(sent -> end(span, routing, Route.of(routing, request)));
        } else {
            routing.put(UNSAMPLED, caller.with(span));
        }
        routing.next();
    }

    /** A trace that nobody records matters to GenAuth, which is told so, and so not to a fresh answer. */
    private static void carryOn(RoutingContext routing) {
        io.opentelemetry.context.Context unsampled = routing.get(UNSAMPLED);
        if (unsampled != null) {
            unsampled.makeCurrent();
        }
        routing.next();
    }

    private static void end(Span span, RoutingContext routing, String route) {
        HttpServerResponse response = routing.response();
        String method = method(routing.request());
        if (route != null) {
            span.updateName(method + " " + route);
            span.setAttribute("http.route", route);
        }
        span.setAttribute("http.request.method", method);
        span.setAttribute("http.response.status_code", (long) response.getStatusCode());
        String cacheStatus = response.headers().get("Cache-Status");
        if (cacheStatus != null) {
            span.setAttribute(CACHE_STATUS, List.of(cacheStatus));
        }
        if (response.getStatusCode() >= 500) {
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
}
