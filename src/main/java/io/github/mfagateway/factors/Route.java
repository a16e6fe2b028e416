package io.github.mfagateway.factors;

import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

import org.eclipse.microprofile.config.inject.ConfigProperty;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;

/**
 * A request's route, {@code /mfa/factors/{factorId}}: what spans and the access log have of its path, which can hold a factor's
 * id. The access log finds it as {@code %{d,route}}.
 */
@Singleton
class Route {

    private final boolean logged;

    Route(@ConfigProperty(name = "quarkus.http.access-log.enabled") boolean logged) {
        this.logged = logged;
    }

    void register(@Observes Filters filters) {
        if (logged) {
            filters.register(Route::keep, FrontDoor.FIRST + 1);
        }
    }

    private static void keep(RoutingContext routing) {
        Context request = Vertx.currentContext();
        routing.addHeadersEndHandler(head -> routing.put("route", of(request)));
        routing.next();
    }

    /**
     * The route of a request that has been answered.
     *
     * @param request its own context
     * @return null when there is none
     */
    static String of(Context request) {
        // where Quarkus puts it for its metrics (ObservabilityUtil)
        return request.getLocal("UrlPathTemplate");
    }
}
