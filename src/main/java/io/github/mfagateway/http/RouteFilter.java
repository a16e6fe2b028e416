package io.github.mfagateway.http;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.util.Set;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;

/**
 * A request's route, such as {@code /mfa/factors/{factorId}}: what metrics, spans and the access log show instead of its path,
 * which can hold a factor's id. The access log finds it as {@code %{d,route}}.
 */
final class RouteFilter {

    /** Of a context's local data. Quarkus REST puts the route there, and Quarkus' metrics read it there (ObservabilityUtil). */
    static final String ROUTE = "UrlPathTemplate";

    /** The route of a request that no resource serves. */
    static final String UNKNOWN = "UNKNOWN";

    private static final Set<String> METHODS =
            HttpMethod.values().stream().map(HttpMethod::name).collect(toUnmodifiableSet());

    private final boolean accessLog;

    RouteFilter(boolean accessLog) {
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

    /** Requests to the management server are not counted: their route is one that Quarkus' metrics ignore. */
    static void ignore(RoutingContext routing) {
        Vertx.currentContext().putLocal(ROUTE, "/q/management");
        routing.next();
    }

    /** A caller can make up any number of methods; there are only so many names for series and spans. */
    static String method(String name) {
        return METHODS.contains(name) ? name : "_OTHER";
    }
}
