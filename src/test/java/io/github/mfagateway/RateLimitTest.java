package io.github.mfagateway;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;

import org.junit.jupiter.api.Test;

import io.github.mfagateway.support.FaultyGenAuth;
import io.github.mfagateway.support.GenAuthStub;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;

@QuarkusTest
@TestProfile(RateLimitTest.FiveASecond.class)
@WithTestResource(FaultyGenAuth.class)
class RateLimitTest {

    public static class FiveASecond implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("genauth.rate-limit", "5");
        }
    }

    @Test
    void noMoreCallsASecondThanAllowedAndTheRestIsToldToComeBack() {
        long start = System.nanoTime();
        int served = 0;
        int turnedAway = 0;
        // three windows, so that what the limit let in before the test began does not matter
        while (System.nanoTime() - start < 3_000_000_000L) {
            Response answer = given().header("Authorization", "Bearer " + GenAuthStub.freshToken())
                    .get("/mfa/factors/enrollable");
            if (answer.statusCode() == 200) {
                served++;
            } else {
                assertEquals(503, answer.statusCode());
                assertEquals("/problems/overloaded", answer.path("type"));
                assertEquals("1", answer.header("Retry-After"));
                turnedAway++;
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;

        assertTrue(served >= 5 && served <= 5 * (seconds + 1), served + " in " + seconds + " s");
        assertTrue(turnedAway > 0);
    }
}
