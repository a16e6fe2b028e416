package io.github.mfagateway.api;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import jakarta.enterprise.event.Observes;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;

import org.jboss.logging.Logger;

import io.github.mfagateway.factors.EnrollableFactorsService;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.buffer.Buffer;

/**
 * {@code POST /q/cache/purge} on the management port, for a security incident: the form {@code subject=…} removes that user's
 * cached responses, an empty body removes all, on every replica.
 */
@Singleton
class CachePurgeRoute {

    private static final Logger LOG = Logger.getLogger(CachePurgeRoute.class);

    // made at the first purge: routes are registered before the settings are validated
    private final Provider<EnrollableFactorsService> factors;

    CachePurgeRoute(Provider<EnrollableFactorsService> factors) {
        this.factors = factors;
    }

    void register(@Observes ManagementInterface management) {
        management.router().post("/q/cache/purge").handler(routing -> {
            Buffer body = routing.body().buffer();
            routing.response()
                    .setStatusCode(purge(body == null ? "" : body.toString()) ? 204 : 400)
                    .end();
        });
    }

    private boolean purge(String body) {
        Map<String, List<String>> form = new QueryStringDecoder(body, StandardCharsets.UTF_8, false).parameters();
        List<String> subjects = form.getOrDefault("subject", List.of());
        if (body.length() > 0
                && (form.size() != 1 || subjects.size() != 1 || subjects.get(0).isBlank())) {
            return false;
        }
        Optional<String> subject = subjects.stream().findAny();
        factors.get().purge(subject);
        // an audit line, without the subject
        LOG.infof("cache purged: %s", subject.isPresent() ? "the responses of one user" : "all responses");
        return true;
    }
}
