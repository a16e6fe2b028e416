package io.github.mfagateway.factors;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.http.Outcome;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;

/**
 * Counts and times what is answered, as {@code http_server_requests_seconds}, with Micrometer's usual labels. By hand, because
 * Quarkus' binder looks its timer up anew for each answer, which costs as much as all else of ours in an answer from memory.
 */
@Singleton
class RequestMeters {

    private static final int RESET = 0;

    private final MeterRegistry registry;
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();

    RequestMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    void register(@Observes Filters filters) {
        filters.register(this::time, FrontDoor.FIRST + 2);
    }

    private void time(RoutingContext routing) {
        long start = System.nanoTime();
        Context request = Vertx.currentContext();
        routing.addEndHandler(sent ->
                timer(routing, request, sent.succeeded()).record(System.nanoTime() - start, TimeUnit.NANOSECONDS));
        routing.next();
    }

    private Timer timer(RoutingContext routing, Context request, boolean sent) {
        return timer(
                RequestSpans.method(routing.request()),
                Route.of(request),
                sent ? routing.response().getStatusCode() : RESET);
    }

    /**
     * @param route null when there is none
     * @param status {@link #RESET} when the answer did not reach its caller
     */
    Timer timer(String method, String route, int status) {
        boolean sent = status != RESET;
        return timers.computeIfAbsent(
                method + ' ' + status + ' ' + route, series -> Timer.builder("http.server.requests")
                        .description("HTTP requests that were answered, by route")
                        .tag("method", method)
                        .tag("uri", route == null ? "UNKNOWN" : route)
                        .tag("status", sent ? Integer.toString(status) : "RESET")
                        .tag("outcome", sent ? Outcome.forStatus(status).name() : Outcome.CLIENT_ERROR.name())
                        .register(registry));
    }
}
