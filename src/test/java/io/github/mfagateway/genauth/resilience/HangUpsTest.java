package io.github.mfagateway.genauth.resilience;

import static io.github.mfagateway.support.Until.until;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import jakarta.inject.Inject;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.mfagateway.support.FaultyGenAuth;
import io.github.mfagateway.support.GenAuthStub;
import io.github.mfagateway.support.RawConnection;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;
import io.smallrye.faulttolerance.api.CircuitBreakerState;

/** Callers of uncached calls disconnect before GenAuth responds: the response counts by its outcome. */
@QuarkusTest
@TestProfile(BulkheadTest.Patient.class)
@WithTestResource(FaultyGenAuth.class)
class HangUpsTest {

    private static final String OPERATION = "list-enrolled-factors";
    private static final String BREAKER = "genauth-reads";
    private static final String NO_FACTORS = FaultyGenAuth.http(200, "{\"statusCode\":200,\"data\":[]}");

    @Inject
    CircuitBreakerMaintenance breakers;

    @Inject
    MeterRegistry registry;

    @TestHTTPResource("/mfa/factors")
    URL factors;

    private final String token = GenAuthStub.freshToken();

    @BeforeEach
    void closeBreakers() {
        breakers.resetAll();
    }

    @Test
    void callersThatDisconnectDoNotOpenTheBreaker() throws IOException {
        double responded = exchanges("success");

        hangUp(60);

        until("all are responded", () -> exchanges("success") == responded + 60);
        assertEquals(CircuitBreakerState.CLOSED, breakers.currentState(BREAKER));
    }

    /** It lets two through, and waits for both. */
    @Test
    void probesWhoseCallersDisconnectDoNotLeaveTheBreakerHalfOpen() throws IOException {
        FaultyGenAuth.behave(
                token, socket -> FaultyGenAuth.write(socket, FaultyGenAuth.http(500, "{\"statusCode\":500}")));
        until("the breaker opens", () -> {
            given().header("Authorization", "Bearer " + token).get(factors);
            return breakers.currentState(BREAKER) == CircuitBreakerState.OPEN;
        });
        until("it is half-open", () -> breakers.currentState(BREAKER) == CircuitBreakerState.HALF_OPEN);

        hangUp(2);

        until("it closes", () -> breakers.currentState(BREAKER) == CircuitBreakerState.CLOSED);
    }

    private void hangUp(int callers) throws IOException {
        double cancelled = calls("cancelled");
        int before = FaultyGenAuth.requests(token);
        CountDownLatch hungUp = new CountDownLatch(1);
        FaultyGenAuth.behave(token, socket -> {
            hungUp.await();
            FaultyGenAuth.write(socket, NO_FACTORS);
        });
        try {
            List<RawConnection> connections = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                connections.add(new RawConnection(factors)
                        .send("GET /mfa/factors HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer " + token
                                + "\r\n\r\n"));
            }
            until("all are asked for", () -> FaultyGenAuth.requests(token) == before + callers);
            for (RawConnection each : connections) {
                each.close();
            }
            until("all are known to have gone", () -> calls("cancelled") == cancelled + callers);
        } finally {
            hungUp.countDown();
        }
    }

    private double calls(String outcome) {
        return count("genauth.calls", outcome);
    }

    private double exchanges(String outcome) {
        return count("genauth.exchanges", outcome);
    }

    private double count(String timer, String outcome) {
        return registry.get(timer)
                .tags("operation", OPERATION, "outcome", outcome)
                .timer()
                .count();
    }
}
