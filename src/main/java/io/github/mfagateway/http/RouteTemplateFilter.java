package io.github.mfagateway.http;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.util.Set;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;

/**
 * Sets a request's route, such as {@code /mfa/factors/{factorId}}. Metrics, spans and the access log ({@code %{d,route}}) have
 * it instead of the path, which can contain a factor's id.
 */
final class RouteTemplateFilter {

    /** Key in a context's local data: Quarkus REST writes the route, and Quarkus' metrics read it (ObservabilityUtil). */
    static final String ROUTE = "UrlPathTemplate";

    /** The route of a request without a resource. */
    static final String UNKNOWN = "UNKNOWN";

    private static final Set<String> METHODS =
            HttpMethod.values().stream().map(HttpMethod::name).collect(toUnmodifiableSet());

    private final boolean accessLog;

    RouteTemplateFilter(boolean accessLog) {
        this.accessLog = accessLog;
    }

    void handle(RoutingContext routing) {
        Context request = Vertx.currentContext();
        request.putLocal(ROUTE, UNKNOWN);
        if (accessLog) {
            routing.addHeadersEndHandler(head -> routing.put("route", request.getLocal(ROUTE)));
        }
        routing.next();
    }

    /** Excludes requests to the management server from Quarkus' metrics. */
    static void ignore(RoutingContext routing) {
        Vertx.currentContext().putLocal(ROUTE, "/q/management");
        routing.next();
    }

    /** Bounds the values of the method label, because callers can send any method. */
    static String method(String name) {
        return METHODS.contains(name) ? name : "_OTHER";
    }
}
