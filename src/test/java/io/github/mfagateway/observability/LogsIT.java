package io.github.mfagateway.observability;

import static io.github.mfagateway.support.Until.until;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.github.mfagateway.support.GatewayProcess;
import io.github.mfagateway.support.SandboxAndGateway;

/** What an operator reads. */
class LogsIT {

    private static final String JSON = "QUARKUS_LOG_CONSOLE_JSON_ENABLED";

    private final ObjectMapper json = new ObjectMapper();

    @Test
    void aHundredFailuresAreAFewLinesOfJson() throws Exception {
        try (SandboxAndGateway both = new SandboxAndGateway(
                // a first call loads classes
                Map.of(JSON, "true", "GENAUTH_DEADLINE", "20s"))) {
            both.sandbox("http=502");
            for (int i = 0; i < 100; i++) {
                list(both, "user-" + i);
            }
            both.sandbox("http=200");
            until("the breaker closes", () -> list(both, "recovered") == 200);

            List<JsonNode> lines = lines(both.gateway());
            assertEquals(
                    List.of(
                            "list-factors-to-enroll: GenAuth failed with status 502",
                            "circuit breaker reads is open: no calls to GenAuth for 5000 ms"),
                    lines.stream()
                            .filter(line -> line.get("level").textValue().equals("WARN"))
                            // a busy machine's
                            .filter(line -> !line.get("loggerName").textValue().endsWith(".BlockedThreadChecker"))
                            .map(line -> line.get("message").textValue())
                            .toList());
            assertTrue(lines.stream().allMatch(line -> line.hasNonNull("timestamp") && line.hasNonNull("loggerName")));
            assertFalse(both.gateway().output().contains("user-"));
        }
    }

    @Test
    void theAccessLogHasRoutesAndNeitherTokensNorPaths() throws Exception {
        try (SandboxAndGateway both = new SandboxAndGateway(
                Map.of(JSON, "true", "GENAUTH_DEADLINE", "20s", "QUARKUS_HTTP_ACCESS_LOG_ENABLED", "true"))) {
            list(both, "secret-of-alice");
            list(both, "secret-of-alice");
            given().header("Authorization", "Bearer secret-of-alice")
                    .get(both.gateway().url() + "/mfa/factors/{id}?x=secret-of-alice", "factor-of-alice|phone");
            given().header("Authorization", "secret-of-alice")
                    .get(both.gateway().url() + "/api/v3/list-factors-to-enroll");

            until("the lines are there", () -> accesses(both.gateway()).size() == 4);
            List<String> accesses = accesses(both.gateway());
            assertTrue(
                    accesses.get(0)
                            .matches("GET /mfa/factors/enrollable 200 \\d+ bytes \\d+ ms "
                                    + "\"genauth-mfa-gateway; fwd=uri-miss; stored\" -"),
                    accesses.get(0));
            assertTrue(accesses.get(1).startsWith("GET /mfa/factors/enrollable 200 "), accesses.get(1));
            assertTrue(accesses.get(2).startsWith("GET /mfa/factors/{factorId} 404 "), accesses.get(2));
            assertTrue(accesses.get(3).startsWith("GET /api/v3/list-factors-to-enroll 200 "), accesses.get(3));
            assertFalse(both.gateway().output().contains("of-alice"));
        }
    }

    private static int list(SandboxAndGateway both, String token) {
        try {
            return given().header("Authorization", "Bearer " + token)
                    .get(both.gateway().url() + "/mfa/factors/enrollable")
                    .statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> accesses(GatewayProcess gateway) {
        return lines(gateway).stream()
                .filter(line -> line.get("loggerName").textValue().equals("io.quarkus.http.access-log"))
                .map(line -> line.get("message").textValue())
                .toList();
    }

    /** Every line there is, the banner aside; one that is not JSON fails. */
    private List<JsonNode> lines(GatewayProcess gateway) {
        try {
            return gateway.output().lines().map(this::parsed).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode parsed(String line) {
        try {
            return json.readTree(line);
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + line, e);
        }
    }
}
