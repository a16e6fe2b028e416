package io.github.mfagateway.genauth.resilience;

import static io.github.mfagateway.support.Until.until;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;

import io.github.mfagateway.support.FaultyGenAuth;
import io.github.mfagateway.support.GenAuthStub;
import io.github.mfagateway.support.VirtualClock;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;

@QuarkusTest
@TestProfile(RateLimitTest.FiveASecond.class)
@WithTestResource(FaultyGenAuth.class)
public class RateLimitTest {

    public static class FiveASecond implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("genauth.rate-limit", "5");
        }
    }

    @Inject
    VirtualClock clock;

    @Test
    void noMoreCallsASecondThanAllowedAndTheRestGetsRetryAfter() {
        long start = System.nanoTime();
        int served = 0;
        int turnedAway = 0;
        // three seconds, so that calls from before the test do not matter
        while (System.nanoTime() - start < 3_000_000_000L) {
            Response response = given().header("Authorization", "Bearer " + GenAuthStub.freshToken())
                    .get("/mfa/factors/enrollable");
            if (response.statusCode() == 200) {
                served++;
            } else {
                assertEquals(503, response.statusCode());
                assertEquals("/problems/overloaded", response.path("type"));
                assertEquals("1", response.header("Retry-After"));
                turnedAway++;
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;

        assertTrue(served >= 5 && served <= 5 * (seconds + 1), served + " in " + seconds + " s");
        assertTrue(turnedAway > 0);
    }

    @Test
    void aBurstWithinTheLimitIsAdmitted() {
        atTheBeginningOfASecond();

        for (int i = 1; i < 5; i++) {
            assertEquals(200, list(GenAuthStub.freshToken()).statusCode());
        }
    }

    @Test
    void aCallerWithAStaleResponseGetsItAtOnce() {
        String known = GenAuthStub.freshToken();
        until("it is cached", () -> list(known).statusCode() == 200);
        clock.turn(Duration.ofMinutes(2));

        // a second may pass between the two
        until("it is stale", () -> {
            if (list(GenAuthStub.freshToken()).statusCode() != 503) {
                return false;
            }
            Response stale = list(known);
            assertEquals(200, stale.statusCode());
            clock.turn(Duration.ofMinutes(1));
            return stale.header("Cache-Status").endsWith("; detail=overloaded");
        });
    }

    /** The call that began it was one of the five. */
    private void atTheBeginningOfASecond() {
        until("the limit is reached", () -> list(GenAuthStub.freshToken()).statusCode() == 503);
        until("it is not", () -> list(GenAuthStub.freshToken()).statusCode() == 200);
    }

    private static Response list(String token) {
        return given().header("Authorization", "Bearer " + token).get("/mfa/factors/enrollable");
    }
}
