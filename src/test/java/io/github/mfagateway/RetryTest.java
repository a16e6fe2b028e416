package io.github.mfagateway;

import static io.github.mfagateway.support.Until.until;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.mfagateway.support.FaultyGenAuth;
import io.github.mfagateway.support.FaultyGenAuth.Behaviour;
import io.github.mfagateway.support.GenAuthStub;
import io.github.mfagateway.support.RawConnection;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;
import io.smallrye.faulttolerance.api.CircuitBreakerState;

/** What is tried a second time, and what a second try costs. */
@QuarkusTest
@WithTestResource(FaultyGenAuth.class)
class RetryTest {

    private static final String OPERATION = "list-factors-to-enroll";
    private static final Behaviour BROKEN =
            socket -> FaultyGenAuth.write(socket, FaultyGenAuth.http(500, "{\"statusCode\":500}"));

    @Inject
    CircuitBreakerMaintenance breakers;

    @TestHTTPResource("/mfa/factors/enrollable")
    URL enrollable;

    private final String token = GenAuthStub.freshToken();

    @BeforeEach
    void earnARetry() {
        breakers.resetAll();
        tenAnswers();
        breakers.resetAll();
    }

    @Test
    void aResetIsTriedOnceMore() {
        FaultyGenAuth.behave(token, FaultyGenAuth.RESET_BEFORE_HEAD);

        assertEquals(502, list(token));

        assertEquals(2, FaultyGenAuth.asked(token));
        assertEquals(1, asked(FaultyGenAuth.RESET_BEFORE_HEAD), "another, with the budget spent");
    }

    @Test
    void aTotalOutageCostsGenAuthAtMostOneTenthMoreCallsThanRequests() {
        List<String> tokens = fresh(60);
        tokens.forEach(each -> FaultyGenAuth.behave(each, FaultyGenAuth.RESET_BEFORE_HEAD));

        int requests = 0;
        for (String each : tokens) {
            requests++;
            if (list(each) == 503) {
                break;
            }
        }

        int calls = tokens.stream().mapToInt(FaultyGenAuth::asked).sum();
        assertTrue(requests < 60, "the breaker did not open");
        assertTrue(calls <= 1.1 * (requests - 1), calls + " calls for " + (requests - 1) + " requests");
        assertEquals(CircuitBreakerState.OPEN, breakers.currentState(OPERATION));
    }

    @Test
    void aSecondTryThatFailsTakesNoOtherRetry() throws IOException {
        CountDownLatch earned = new CountDownLatch(1);
        FaultyGenAuth.behave(token, socket -> {
            if (FaultyGenAuth.asked(token) == 2) {
                earned.await();
            }
            FaultyGenAuth.RESET_BEFORE_HEAD.on(socket);
        });
        try (RawConnection caller = new RawConnection(enrollable)) {
            caller.send(RawConnection.list(token));
            until("it is tried again", () -> FaultyGenAuth.asked(token) == 2);
            tenAnswers();
            earned.countDown();

            String answer = caller.response();
            assertTrue(answer.startsWith("HTTP/1.1 502 "), answer);
        }
        assertEquals(2, FaultyGenAuth.asked(token));
        assertEquals(2, asked(FaultyGenAuth.RESET_BEFORE_HEAD), "another, with what was earned meanwhile");
    }

    @Test
    void theFailureThatOpensTheBreakerIsNotTriedAgainAndTakesNoRetry() {
        tenAnswers();
        for (int i = 0; i < 9; i++) {
            assertEquals(1, asked(BROKEN));
        }
        FaultyGenAuth.behave(token, FaultyGenAuth.RESET_BEFORE_HEAD);

        assertEquals(502, list(token));

        assertEquals(CircuitBreakerState.OPEN, breakers.currentState(OPERATION));
        assertEquals(1, FaultyGenAuth.asked(token));
        breakers.resetAll();
        assertEquals(2, asked(FaultyGenAuth.RESET_BEFORE_HEAD), "another, with the budget held");
    }

    private void tenAnswers() {
        fresh(10).forEach(each -> assertEquals(200, list(each)));
    }

    private int list(String token) {
        return given().header("Authorization", "Bearer " + token)
                .get(enrollable)
                .statusCode();
    }

    /** How often GenAuth is asked for somebody new whom it fails. */
    private int asked(Behaviour behaviour) {
        String other = GenAuthStub.freshToken();
        FaultyGenAuth.behave(other, behaviour);
        assertEquals(502, list(other));
        return FaultyGenAuth.asked(other);
    }

    private static List<String> fresh(int count) {
        return IntStream.range(0, count).mapToObj(i -> GenAuthStub.freshToken()).toList();
    }
}
