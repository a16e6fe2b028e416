package io.github.mfagateway.config;

import static io.github.mfagateway.support.Until.until;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import io.github.mfagateway.sandbox.Sandbox;
import io.github.mfagateway.support.GatewayProcess;
import io.vertx.core.Vertx;

/** A start that cannot succeed says why, once, and all of it. */
class StartIT {

    private static final Map<String, String> ANY_PORT =
            Map.of("QUARKUS_HTTP_PORT", "0", "QUARKUS_MANAGEMENT_PORT", "0");

    @Test
    void twoSettingsAreEnough() throws Exception {
        Vertx vertx = Vertx.vertx();
        Sandbox genauth = new Sandbox(vertx);
        int port = genauth.listen(0).toCompletionStage().toCompletableFuture().join();
        Map<String, String> environment = new HashMap<>(ANY_PORT);
        environment.put("GENAUTH_URL", "http://127.0.0.1:" + port);
        environment.put("GENAUTH_APP_ID", "app");
        environment.put("GENAUTH_ALLOW_HTTP", "true");

        try (GatewayProcess gateway = GatewayProcess.start(environment).awaitStart()) {
            String list = gateway.url() + "/mfa/factors/enrollable";
            // a first call loads classes, for which the deadline can be too short on a busy machine
            until(
                    "a caller gets a response in time",
                    () -> given().header("Authorization", "Bearer early")
                                    .get(list)
                                    .statusCode()
                            == 200);
            given().header("Authorization", "Bearer alice")
                    .get(list)
                    .then()
                    .statusCode(200)
                    .body("factors.factorType", is(List.of("OTP", "SMS", "EMAIL", "FACE")));
            for (String path : List.of("/q/health/live", "/q/health/ready", "/q/health/started", "/q/metrics")) {
                given().get(gateway.managementUrl() + path).then().statusCode(200);
                given().get(gateway.url() + path).then().statusCode(404);
            }
            assertTrue(
                    gateway.output().contains("GenAuth at http://127.0.0.1:" + port + ": deadline 2500 ms"),
                    gateway.output());
            assertTrue(gateway.output().contains("Cache: fresh 30s, revalidate 30s"), gateway.output());
            assertEquals(
                    List.of(),
                    gateway.output()
                            .lines()
                            .filter(line -> line.contains("WARN"))
                            // a first call's
                            .filter(line -> !line.contains("GenAuth did not respond"))
                            .toList());
            given().get(gateway.url() + "/q/openapi").then().statusCode(200);
            given().get(gateway.url() + "/q/swagger-ui").then().statusCode(404);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Test
    void theCacheMayTakeAQuarterOfTheHeap() throws Exception {
        Map<String, String> environment = new HashMap<>(ANY_PORT);
        environment.put("GENAUTH_URL", "https://genauth.example");
        environment.put("GENAUTH_APP_ID", "app");

        try (GatewayProcess gateway =
                GatewayProcess.start(environment, List.of("-Xmx64m")).awaitStart()) {
            Matcher line =
                    Pattern.compile("at most (\\d+) KiB of (\\d+) KiB heap").matcher(gateway.output());
            assertTrue(line.find(), gateway.output());
            assertEquals(Long.parseLong(line.group(2)) / 4, Long.parseLong(line.group(1)), 1);
        }
    }

    @Test
    void everyMissingSettingIsNamed() throws Exception {
        assertEquals("""
                genauth-mfa-gateway cannot start, its settings are wrong:
                  GENAUTH_URL (genauth.url) is missing: the application's "Authentication address" from the GenAuth console, such as https://example.genauth.ai
                  GENAUTH_APP_ID (genauth.app-id) is missing: the application's id from the GenAuth console
                """, failedStart(Map.of()));
    }

    @Test
    void everyBadSettingIsNamedTogetherWithTheMissingOnes() throws Exception {
        String output = failedStart(Map.of(
                "GENAUTH_URL", "http://genauth.example",
                "GENAUTH_DEADLINE", "soon",
                "GENAUTH_CONNECT_TIMEOUT", "-1s",
                "GENAUTH_MAX_CONCURRENT", "0",
                "GENAUTH_MAX_WAITING", "many",
                "GENAUTH_APP_ID_HEADER", "x authing",
                "GENAUTH_CA_FILE", "/nowhere/ca.pem",
                "MFA_CACHE_FRESH", "-30s",
                "QUARKUS_HTTP_ACCESS_LOG_PATTERN", "%r %{i,authorization}",
                "MFA_CACHE_MAX_ENTRIES", "100"));

        for (String setting : new String[] {
            "GENAUTH_URL (genauth.url) is plain http",
            "GENAUTH_APP_ID ",
            "GENAUTH_DEADLINE ",
            "GENAUTH_CONNECT_TIMEOUT ",
            "GENAUTH_MAX_CONCURRENT ",
            "GENAUTH_MAX_WAITING ",
            "GENAUTH_APP_ID_HEADER ",
            "GENAUTH_CA_FILE ",
            "MFA_CACHE_FRESH ",
            "QUARKUS_HTTP_ACCESS_LOG_PATTERN ",
            "MFA_CACHE_MAX_ENTRIES "
        }) {
            assertTrue(output.contains("\n  " + setting), setting + " is not in: " + output);
        }
        assertFalse(output.contains("\tat "), output);
    }

    @Test
    void trustingAnyCertificateIsIntendedOrStopsTheStart() throws Exception {
        Map<String, String> enough = Map.of("GENAUTH_URL", "https://genauth.example", "GENAUTH_APP_ID", "app");
        for (String setting : new String[] {"QUARKUS_TLS_TRUST_ALL", "QUARKUS_REST_CLIENT_TRUST_ALL"}) {
            for (String yes : new String[] {"true", "1", "yes"}) {
                Map<String, String> environment = new HashMap<>(enough);
                environment.put(setting, yes);

                String output = failedStart(environment);

                assertTrue(output.contains("\n  " + setting + " ("), output);
                assertTrue(output.contains("GENAUTH_ALLOW_TRUST_ALL=true"), output);
            }
        }
        Map<String, String> intended = new HashMap<>(ANY_PORT);
        intended.putAll(enough);
        intended.put("QUARKUS_TLS_TRUST_ALL", "true");
        intended.put("GENAUTH_ALLOW_TRUST_ALL", "true");
        GatewayProcess.start(intended).awaitStart().close();
    }

    @Test
    void anEmptySettingIsNamedTogetherWithTheOthers() throws Exception {
        String output = failedStart(Map.of(
                "GENAUTH_URL", "http://genauth.example",
                "GENAUTH_ALLOW_HTTP", "",
                "GENAUTH_APP_ID", "",
                "GENAUTH_APP_ID_HEADER", "",
                "GENAUTH_DEADLINE", "",
                "GENAUTH_MAX_WAITING", "",
                "MFA_CACHE_FRESH", "",
                "MFA_CACHE_SOFT_TIMEOUT", "",
                "MFA_CACHE_SHARED", "",
                "MFA_CACHE_SHARED_DEADLINE", ""));

        for (String setting : new String[] {
            "GENAUTH_URL (genauth.url) is plain http",
            "GENAUTH_ALLOW_HTTP ",
            "GENAUTH_APP_ID ",
            "GENAUTH_APP_ID_HEADER ",
            "GENAUTH_DEADLINE ",
            "GENAUTH_MAX_WAITING ",
            "MFA_CACHE_FRESH ",
            "MFA_CACHE_SOFT_TIMEOUT ",
            "MFA_CACHE_SHARED ",
            "MFA_CACHE_SHARED_DEADLINE "
        }) {
            assertTrue(output.contains("\n  " + setting), setting + " is not in: " + output);
        }
        assertFalse(output.contains("SRCFG"), output);
    }

    @Test
    void whatSharingNeedsIsNamed() throws Exception {
        Map<String, String> environment = new HashMap<>(
                Map.of("GENAUTH_URL", "https://genauth.example", "GENAUTH_APP_ID", "app", "MFA_CACHE_SHARED", "redis"));
        String output = failedStart(environment);
        assertTrue(output.contains("\n  QUARKUS_REDIS_HOSTS (quarkus.redis.hosts) is missing"), output);
        assertTrue(output.contains("\n  MFA_CACHE_SHARED_SECRET (mfa.cache.shared-secret) is missing"), output);

        environment.put("MFA_CACHE_SHARED_SECRET", "too-short-a-secret");
        environment.put("MFA_CACHE_SHARED_DEADLINE", "2s");
        environment.put("QUARKUS_REDIS_HOSTS", "redis://127.0.0.1:1");
        environment.put("QUARKUS_REDIS_CLIENT_TYPE", "cluster");
        output = failedStart(environment);
        assertTrue(output.contains("\n  MFA_CACHE_SHARED_SECRET (mfa.cache.shared-secret) must have"), output);
        assertTrue(output.contains("\n  MFA_CACHE_SHARED_DEADLINE "), output);
        assertTrue(output.contains("\n  QUARKUS_REDIS_CLIENT_TYPE "), output);
        assertFalse(output.contains("too-short-a-secret"), output);

        environment.put("MFA_CACHE_SHARED", "valkey");
        assertTrue(failedStart(environment).contains("\n  MFA_CACHE_SHARED (mfa.cache.shared) must be none or redis"));
    }

    @Test
    void anAddressThatIsNoneIsNamed() throws Exception {
        for (String url : new String[] {
            "genauth.example", "ftp://genauth.example", "https://", "https://user:secret@genauth.example", "https://a b"
        }) {
            String output = failedStart(Map.of("GENAUTH_URL", url, "GENAUTH_APP_ID", "app"));
            assertTrue(output.contains("GENAUTH_URL (genauth.url) must be an address"), output);
            assertFalse(output.contains("secret"), output);
        }
    }

    private static String failedStart(Map<String, String> environment) throws Exception {
        Map<String, String> all = new HashMap<>(ANY_PORT);
        all.putAll(environment);
        try (GatewayProcess gateway = GatewayProcess.start(all)) {
            assertTrue(gateway.process().waitFor(30, TimeUnit.SECONDS), "it started");
            assertEquals(1, gateway.process().exitValue());
            return gateway.output();
        }
    }
}
