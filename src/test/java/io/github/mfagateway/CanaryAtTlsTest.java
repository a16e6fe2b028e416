package io.github.mfagateway;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.mfagateway.support.Callers;
import io.github.mfagateway.support.Canary;
import io.github.mfagateway.support.CanaryWatch;
import io.github.mfagateway.support.FaultyGenAuth;
import io.github.mfagateway.support.FaultyGenAuth.Behaviour;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;

/** {@link CanaryTest}, with handshakes that fail. */
@QuarkusTest
@WithTestResource(value = FaultyGenAuth.class, initArgs = @ResourceArg(name = "scheme", value = "https"))
class CanaryAtTlsTest {

    @Inject
    CircuitBreakerMaintenance breakers;

    @TestHTTPResource("/")
    URL gateway;

    @TestHTTPResource(value = "/", management = true)
    URL management;

    private final Canary canary = new Canary();

    @AfterEach
    void beSilentAgain() {
        FaultyGenAuth.handshake(FaultyGenAuth.SILENT);
    }

    @Test
    void nothingShowsOfAHandshakeThatFails() throws IOException {
        breakers.resetAll();
        Callers callers = new Callers(gateway);
        List<String> responses = new ArrayList<>();
        List<Behaviour> failing = List.of(
                FaultyGenAuth.SILENT,
                FaultyGenAuth.RESET_BEFORE_HEAD,
                socket -> FaultyGenAuth.write(socket, "CANARY is no TLS\r\n\r\n"),
                // an alert
                socket -> FaultyGenAuth.write(socket, "\u0015\u0003\u0003\u0000\u0002\u0002\u0028"));
        try (CanaryWatch watch = new CanaryWatch(canary)) {
            for (Behaviour handshake : failing) {
                FaultyGenAuth.handshake(handshake);
                String response = callers.list(canary.token());
                assertTrue(response.startsWith("HTTP/1.1 502 "), response);
                responses.add(response);
                responses.add(callers.send(canary.token(), "POST", "/mfa/factors", Callers.PROOF));
            }

            watch.nothingShows(responses, management);
        }
    }
}
