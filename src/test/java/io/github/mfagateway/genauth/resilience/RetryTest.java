package io.github.mfagateway.genauth.resilience;

import static io.github.mfagateway.support.Until.until;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Socket;
import java.net.URL;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.mfagateway.support.FaultyGenAuth;
import io.github.mfagateway.support.FaultyGenAuth.Behaviour;
import io.github.mfagateway.support.GenAuthStub;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;
import io.smallrye.faulttolerance.api.CircuitBreakerState;

/** What is retried, and what a retry costs. */
@QuarkusTest
@WithTestResource(FaultyGenAuth.class)
class RetryTest {

    private static final String BREAKER = "genauth-reads";

    private static final Behaviour BROKEN = socket -> {
        FaultyGenAuth.write(
                socket,
                FaultyGenAuth.http(500, "{\"statusCode\":500}").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
        socket.close();
    };

    /** So that the next request is the first one on its connection. */
    private static final Behaviour HEALTHY_AND_CLOSED = socket -> {
        FaultyGenAuth.write(
                socket,
                FaultyGenAuth.http(200, GenAuthStub.FOUR_TYPES).replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
        socket.close();
    };

    @Inject
    CircuitBreakerMaintenance breakers;

    @Inject
    MeterRegistry registry;

    @TestHTTPResource("/mfa/factors/enrollable")
    URL enrollable;

    private final String token = GenAuthStub.freshToken();

    @BeforeEach
    void earnTheReserveAndCloseAllConnections() {
        breakers.resetAll();
        FaultyGenAuth.closeAll();
        until("the reserve is full", () -> {
            assertEquals(200, list(closed()));
            return left() == 1;
        });
        until("no connection is left", () -> {
            assertEquals(200, list(closed()));
            return FaultyGenAuth.open() == 0;
        });
        breakers.resetAll();
    }

    @Test
    void fiveSingleResetsInARowAreAllRetried() {
        for (String each : fresh(5)) {
            FaultyGenAuth.behave(each, once(FaultyGenAuth.RESET_BEFORE_HEAD, HEALTHY_AND_CLOSED, each));

            assertEquals(200, list(each));
            assertEquals(2, FaultyGenAuth.requests(each));
        }
        assertEquals(0.55, left(), 0.001, "five taken, five tenths earned");
    }

    @Test
    void aTotalOutageCostsGenAuthOneCallARequestAndTheReserve() {
        List<String> tokens = fresh(40);
        for (String each : tokens) {
            FaultyGenAuth.behave(each, FaultyGenAuth.RESET_BEFORE_HEAD);
            breakers.resetAll(); // which would turn most away
            assertEquals(502, list(each));
        }

        assertEquals(40 + 10, tokens.stream().mapToInt(FaultyGenAuth::requests).sum());
        assertEquals(0, left());
    }

    @Test
    void aResetOfAReusedConnectionIsRetriedWithoutTheReserve() {
        for (String each : fresh(3)) {
            keepAConnection();
            FaultyGenAuth.behave(each, once(FaultyGenAuth.RESET_BEFORE_HEAD, HEALTHY_AND_CLOSED, each));

            assertEquals(200, list(each));
            assertEquals(2, FaultyGenAuth.requests(each));
        }
        assertEquals(1, left());
    }

    @Test
    void aReusedConnectionThatIsClosedIsRetriedWithoutTheReserve() {
        keepAConnection();
        FaultyGenAuth.behave(token, once(Socket::close, HEALTHY_AND_CLOSED, token));

        assertEquals(200, list(token));
        assertEquals(1, left());
    }

    @Test
    void aReusedConnectionWithoutTheReserveIsRetriedOnceOnly() {
        keepAConnection();
        FaultyGenAuth.behave(token, FaultyGenAuth.RESET_BEFORE_HEAD);

        assertEquals(502, list(token));

        assertEquals(2, FaultyGenAuth.requests(token));
        assertEquals(1, left());
    }

    @Test
    void aResetAfterTheFirstByteTakesFromTheReserveReusedOrNot() {
        keepAConnection();
        FaultyGenAuth.behave(token, once(FaultyGenAuth.RESET_IN_BODY, HEALTHY_AND_CLOSED, token));

        assertEquals(200, list(token));

        assertEquals(2, FaultyGenAuth.requests(token));
        assertEquals(0.91, left(), 0.001);
    }

    /** The deed may be done. */
    @Test
    void aWriteOnAReusedConnectionIsNotRetried() {
        keepAConnection();
        FaultyGenAuth.behave(token, once(FaultyGenAuth.RESET_BEFORE_HEAD, HEALTHY_AND_CLOSED, token));

        given().header("Authorization", "Bearer " + token)
                .delete("/mfa/factors/id")
                .then()
                .statusCode(502);

        assertEquals(1, FaultyGenAuth.requests(token));
    }

    @Test
    void aRetryThatFailsIsNotRetried() {
        FaultyGenAuth.behave(token, FaultyGenAuth.RESET_BEFORE_HEAD);

        assertEquals(502, list(token));

        assertEquals(2, FaultyGenAuth.requests(token));
        assertEquals(0.9, left(), 0.001);
    }

    @Test
    void theFailureThatOpensTheBreakerIsNotRetriedAndTakesNothing() {
        for (int i = 0; i < 10; i++) {
            assertEquals(200, list(closed()));
        }
        for (String each : fresh(5)) {
            FaultyGenAuth.behave(each, BROKEN);
            assertEquals(502, list(each));
        }
        FaultyGenAuth.behave(token, FaultyGenAuth.RESET_BEFORE_HEAD);

        assertEquals(502, list(token));

        assertEquals(CircuitBreakerState.OPEN, breakers.currentState(BREAKER));
        assertEquals(1, FaultyGenAuth.requests(token));
        assertEquals(1, left());
    }

    /** As many as would open it. */
    @Test
    void theBreakerDoesNotCountResetsOfReusedConnections() {
        for (String each : fresh(10)) {
            keepAConnection();
            FaultyGenAuth.behave(each, once(FaultyGenAuth.RESET_BEFORE_HEAD, HEALTHY_AND_CLOSED, each));
            assertEquals(200, list(each));
        }
        assertEquals(CircuitBreakerState.CLOSED, breakers.currentState(BREAKER));
    }

    /** As a backend does that serves one request a connection and keeps it open. */
    @Test
    void aFailureAndAResetInTurnOpenTheBreakerAndTakeTheReserve() {
        Set<Socket> failed = ConcurrentHashMap.newKeySet();
        Behaviour inTurn = socket -> {
            if (failed.add(socket)) {
                FaultyGenAuth.write(socket, FaultyGenAuth.http(502, "{\"statusCode\":502}"));
            } else {
                FaultyGenAuth.RESET_BEFORE_HEAD.on(socket);
            }
        };
        for (String each : fresh(12)) {
            FaultyGenAuth.behave(each, inTurn);
            assertTrue(list(each) >= 502);
        }
        assertEquals(CircuitBreakerState.OPEN, breakers.currentState(BREAKER));
        assertTrue(left() < 1);
    }

    /** RFC 9112, section 2.1: a response begins with its status line. */
    @Test
    void aCloseWithinTheHeadOfAResponseTakesFromTheReserveReusedOrNot() {
        keepAConnection();
        Behaviour half = socket -> {
            FaultyGenAuth.write(socket, "HTTP/1.1 200 OK\r\nConten");
            socket.close();
        };
        FaultyGenAuth.behave(token, once(half, HEALTHY_AND_CLOSED, token));

        assertEquals(200, list(token));
        assertEquals(0.91, left(), 0.001);
    }

    private void keepAConnection() {
        assertEquals(200, list(GenAuthStub.freshToken()));
        assertEquals(1, FaultyGenAuth.open());
    }

    private static Behaviour once(Behaviour first, Behaviour then, String token) {
        return socket -> (FaultyGenAuth.requests(token) == 1 ? first : then).on(socket);
    }

    private static String closed() {
        String token = GenAuthStub.freshToken();
        FaultyGenAuth.behave(token, HEALTHY_AND_CLOSED);
        return token;
    }

    private double left() {
        return registry.get("genauth.retry.budget.ratio").gauge().value();
    }

    private int list(String token) {
        return given().header("Authorization", "Bearer " + token)
                .get(enrollable)
                .statusCode();
    }

    private static List<String> fresh(int count) {
        return IntStream.range(0, count).mapToObj(i -> GenAuthStub.freshToken()).toList();
    }
}
