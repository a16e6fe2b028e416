package io.github.mfagateway.genauth;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;

import io.github.mfagateway.support.GenAuthStub;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;

@QuarkusTest
@TestProfile(UnreachableGenAuthTest.NobodyListens.class)
class UnreachableGenAuthTest {

    /** Port 1 is tcpmux, which no machine runs. */
    public static class NobodyListens implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("genauth.url", "http://127.0.0.1:1", "genauth.app-id", "app");
        }
    }

    @Inject
    MeterRegistry registry;

    @Test
    void aRefusedConnectionFailsAtOnce() {
        // a first call loads classes
        given().header("Authorization", "Bearer " + GenAuthStub.freshToken()).get("/mfa/factors/enrollable");
        long start = System.nanoTime();
        Response response = given().header("Authorization", "Bearer " + GenAuthStub.freshToken())
                .get("/mfa/factors/enrollable");
        long took = System.nanoTime() - start;

        response.then()
                .statusCode(502)
                .body("type", is("/problems/genauth-failed"))
                .body("detail", containsString("refuses connections"));
        assertTrue(took < 2_000_000_000L, "took " + took + " ns");
    }

    @Test
    void aWriteThatDidNotReachGenAuthInvalidatesNothing() {
        double evicted = evicted();

        given().header("Authorization", "Bearer " + GenAuthStub.freshToken())
                .contentType(ContentType.JSON)
                .body(Map.of("factorType", "SMS", "enrollmentToken", "t", "passCode", "123456"))
                .post("/mfa/factors")
                .then()
                .statusCode(502)
                .body("type", is("/problems/genauth-failed"));

        assertEquals(evicted, evicted());
    }

    private double evicted() {
        return registry.get("mfa.invalidations").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }
}
