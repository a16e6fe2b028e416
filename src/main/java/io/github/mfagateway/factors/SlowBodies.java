package io.github.mfagateway.factors;

import java.util.concurrent.TimeUnit;

import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.HttpHeaders;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/**
 * Closes the connection of a request whose body does not arrive. The idle timeout sees only silence: a byte now and then
 * keeps a body open for ever (a head not, since the timeout counts decoded messages).
 */
@Dependent
class SlowBodies {

    private static final long PATIENCE = TimeUnit.SECONDS.toMillis(10);

    // before every route
    private static final int FIRST = 10_000;

    void register(@Observes Filters filters) {
        filters.register(SlowBodies::watch, FIRST);
    }

    private static void watch(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (hasBody(request)) {
            context.vertx().setTimer(PATIENCE, late -> {
                if (!request.isEnded()) {
                    request.connection().close();
                }
            });
        }
        context.next();
    }

    private static boolean hasBody(HttpServerRequest request) {
        return request.headers().contains(HttpHeaders.CONTENT_LENGTH)
                || request.headers().contains("Transfer-Encoding");
    }
}
