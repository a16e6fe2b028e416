package io.github.mfagateway;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.URL;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.mfagateway.http.HostileCallersTest;
import io.github.mfagateway.support.Callers;
import io.github.mfagateway.support.Canary;
import io.github.mfagateway.support.FailingGenAuth;
import io.github.mfagateway.support.FaultyGenAuth;
import io.github.mfagateway.support.FaultyGenAuth.Behaviour;
import io.github.mfagateway.support.GatewayProcess;

/** What the packaged gateway writes when every category is as low as an operator can set it: no secret. */
class CanaryIT {

    private final FaultyGenAuth genauth = new FaultyGenAuth();
    private final Canary canary = new Canary();
    private final List<String> responses = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void start() {
        genauth.start().forEach((name, value) -> environment.put(variable(name), value));
        // an open breaker would keep the later faults from happening
        environment.put("GENAUTH_BREAKER_REQUEST_VOLUME_THRESHOLD", "1000");
        environment.putAll(Map.of(
                "QUARKUS_HTTP_PORT", "0",
                "QUARKUS_MANAGEMENT_PORT", "0",
                "QUARKUS_HTTP_ACCESS_LOG_ENABLED", "true",
                "GENAUTH_DEADLINE", "1s",
                "GENAUTH_MAX_CONCURRENT", "2",
                "GENAUTH_MAX_WAITING", "1",
                "QUARKUS_LOG_LEVEL", "TRACE"));
        for (String pinned : List.of(
                "io.vertx.core.net.impl.ConnectionBase",
                "io.vertx.core.http.impl.HttpServerImpl",
                "io.vertx.ext.web",
                "io.quarkus.micrometer",
                "org.jboss.resteasy.reactive",
                "WebApplicationException")) {
            environment.put(variable("quarkus.log.category.\"" + pinned + "\".level"), "TRACE");
        }
    }

    @AfterEach
    void stop() {
        genauth.stop();
    }

    @Test
    void nothingShowsInItsOutput() throws Exception {
        try (GatewayProcess gateway = GatewayProcess.start(environment).awaitStart()) {
            URL url = URI.create(gateway.url() + "/").toURL();
            Callers callers = new Callers(url);
            for (Behaviour ill : FailingGenAuth.behaviours()) {
                String token = canary.token();
                FaultyGenAuth.behave(token, ill);
                Stream.of(
                                callers.list(token),
                                callers.send(token, "GET", "/mfa/factors/CANARY%7Cotp", ""),
                                callers.send(token, "POST", "/mfa/factors", Callers.PROOF),
                                callers.send(token, "POST", "/mfa/factors", "{\"passCode\":CANARY}"),
                                callers.send(token, "POST", "/mfa/factors", "{\"CANARY\":1,\"CANARY\":2}"))
                        .filter(Callers::isFailure)
                        .forEach(responses::add);
            }
            responses.addAll(
                    callers.hostile(HostileCallersTest.requests().map(each -> (String) each.get()[1]), canary.token()));
            String waiting = canary.token();
            FaultyGenAuth.behave(waiting, FaultyGenAuth.SILENT);
            callers.hangUp(waiting, () -> FaultyGenAuth.requests(waiting));
            List<String> hanging = Stream.generate(canary::token).limit(8).toList();
            hanging.forEach(token -> FaultyGenAuth.behave(token, FaultyGenAuth.SILENT));
            responses.addAll(callers.atOnce(hanging));
            assertTrue(responses.toString().contains("/problems/overloaded"), responses::toString);

            String output = gateway.output();
            assertTrue(output.contains(" DEBUG "), "categories are not as low as they can be");
            canary.isNotIn("the output", output.lines().toList());
            canary.isNotIn("an response", responses);
        }
    }

    private static String variable(String setting) {
        return setting.replaceAll("[^A-Za-z0-9]", "_").toUpperCase();
    }
}
