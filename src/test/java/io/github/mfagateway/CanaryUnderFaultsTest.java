package io.github.mfagateway;

import static io.github.mfagateway.support.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.mfagateway.factors.DefectiveFactorService;
import io.github.mfagateway.http.HostileCallersTest;
import io.github.mfagateway.support.Callers;
import io.github.mfagateway.support.Canary;
import io.github.mfagateway.support.CanaryWatch;
import io.github.mfagateway.support.FailingGenAuth;
import io.github.mfagateway.support.FaultyGenAuth;
import io.github.mfagateway.support.FaultyGenAuth.Behaviour;
import io.github.mfagateway.support.TraceCollector;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;

/** {@link CanaryTest}, with connections that fail, hostile callers, too many callers, and a defect. */
@QuarkusTest
@TestProfile(CanaryUnderFaultsTest.Narrow.class)
@WithTestResource(FaultyGenAuth.class)
@WithTestResource(TraceCollector.class)
class CanaryUnderFaultsTest {

    public static class Narrow implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("genauth.deadline", "1s", "genauth.max-concurrent", "2", "genauth.max-waiting", "1");
        }

        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(DefectiveFactorService.class);
        }
    }

    @Inject
    CircuitBreakerMaintenance breakers;

    @TestHTTPResource("/")
    URL gateway;

    @TestHTTPResource(value = "/", management = true)
    URL management;

    private final Canary canary = new Canary();
    private final List<String> responses = new ArrayList<>();
    private Callers callers;
    private CanaryWatch watch;

    @BeforeEach
    void watch() {
        breakers.resetAll();
        callers = new Callers(gateway);
        watch = new CanaryWatch(canary);
    }

    @AfterEach
    void stop() {
        watch.close();
    }

    @Test
    void nothingShowsOfConnectionsThatFail() throws IOException {
        for (Behaviour ill : FailingGenAuth.behaviours()) {
            String token = canary.token();
            FaultyGenAuth.behave(token, ill);
            responses.add(callers.list(token));
            Stream.of(
                            callers.send(token, "GET", "/mfa/factors/CANARY%7Cotp", ""),
                            callers.send(token, "POST", "/mfa/factors", Callers.PROOF))
                    .filter(Callers::isFailure)
                    .forEach(responses::add);
            assertTrue(FaultyGenAuth.requests(token) > 0);
            breakers.resetAll();
        }
        assertTrue(responses.size() > 40, responses::toString);
        // GenAuth may still be about to close the last connection
        FaultyGenAuth.refuseConnections(() -> until("a connection is refused", () -> {
            String response = refused(canary.token());
            responses.add(response);
            return response.contains("GenAuth refuses connections");
        }));
        assertEquals(List.of(), responses.stream().filter(String::isEmpty).toList());

        watch.nothingShows(responses, management, callers);
    }

    @Test
    void nothingShowsOfHostileCallersOrThoseThatDisconnect() throws IOException {
        Stream<String> requests = HostileCallersTest.requests().map(each -> (String) each.get()[1]);
        responses.addAll(callers.hostile(requests, canary.token()));
        for (String status : List.of("400", "404", "413", "414", "415", "421", "431")) {
            assertTrue(
                    responses.stream().anyMatch(response -> response.matches("(?s)HTTP/1.[01] " + status + " .*")),
                    status);
        }
        String waiting = canary.token();
        FaultyGenAuth.behave(waiting, FaultyGenAuth.SILENT);
        callers.hangUp(waiting, () -> FaultyGenAuth.requests(waiting));
        until("GenAuth is rid of who hung up", () -> FaultyGenAuth.open(waiting) == 0);

        watch.nothingShows(responses, management, callers);
    }

    @Test
    void nothingShowsOfOverloadOfAnOpenBreakerOrOfADefect() throws IOException {
        List<String> tokens = Stream.generate(canary::token).limit(25).toList();
        tokens.forEach(token -> FaultyGenAuth.behave(token, FaultyGenAuth.SILENT));
        responses.addAll(callers.atOnce(tokens.subList(0, 8)));
        assertTrue(responses.toString().contains("/problems/overloaded"), responses::toString);

        tokens.forEach(token -> FaultyGenAuth.behave(token, FaultyGenAuth.RESET_BEFORE_HEAD));
        for (String token : tokens) {
            responses.add(callers.list(token));
        }
        assertTrue(responses.toString().contains("/problems/genauth-unavailable"), responses::toString);

        for (String path : List.of("/mfa/factors", "/api/v3/list-enrolled-factors")) {
            String response = callers.send(canary.token(), "GET", path, "");
            assertTrue(response.startsWith("HTTP/1.1 500 "), response);
            responses.add(response);
        }

        watch.nothingShows(responses, management, callers);
    }

    private String refused(String token) {
        try {
            return callers.list(token);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
