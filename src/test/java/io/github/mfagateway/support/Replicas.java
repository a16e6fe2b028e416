package io.github.mfagateway.support;

import static io.restassured.RestAssured.given;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.mfagateway.sandbox.Sandbox;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.Vertx;

/** Packaged gateways with a shared cache, in front of one sandbox. */
public final class Replicas implements AutoCloseable {

    public static final String SECRET = "a-secret-of-the-deployment-0123456789";

    private final Vertx vertx = Vertx.vertx();
    private final int sandboxPort;
    private final List<GatewayProcess> gateways = new ArrayList<>();

    public Replicas() {
        sandboxPort = new Sandbox(vertx)
                .listen(0)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /** Starts another one. */
    public GatewayProcess add(String redis, Map<String, String> more) throws IOException, InterruptedException {
        Map<String, String> environment = new HashMap<>(Map.ofEntries(
                Map.entry("GENAUTH_URL", "http://127.0.0.1:" + sandboxPort),
                Map.entry("GENAUTH_APP_ID", "app"),
                Map.entry("GENAUTH_ALLOW_HTTP", "true"),
                // a first call loads classes, in each of several processes
                Map.entry("GENAUTH_DEADLINE", "20s"),
                Map.entry("MFA_CACHE_SHARED", "redis"),
                Map.entry("MFA_CACHE_SHARED_SECRET", SECRET),
                // a busy machine is not what most of these tests are about
                Map.entry("MFA_CACHE_SHARED_DEADLINE", "1s"),
                Map.entry("QUARKUS_REDIS_HOSTS", redis),
                Map.entry("QUARKUS_HTTP_PORT", "0"),
                Map.entry("QUARKUS_MANAGEMENT_PORT", "0")));
        environment.putAll(more);
        GatewayProcess gateway = GatewayProcess.start(environment);
        gateways.add(gateway);
        return gateway.awaitStart();
    }

    /** Starts another one, and waits until it shares. */
    public GatewayProcess add(RedisServer redis) throws IOException, InterruptedException {
        GatewayProcess gateway = add(redis.url(), Map.of());
        awaitSharing(gateway);
        return gateway;
    }

    public static void awaitSharing(GatewayProcess gateway) {
        Until.until("it shares", () -> value(gateway, "mfa_shared_unavailable") == 0);
    }

    public static void awaitAlone(GatewayProcess gateway) {
        Until.until("it is alone", () -> value(gateway, "mfa_shared_unavailable") == 1);
    }

    /** Sets the sandbox's ways: {@code http=502&delay=300}. */
    public void sandbox(String failure) {
        given().post("http://127.0.0.1:" + sandboxPort + "/sandbox/failure?" + failure)
                .then()
                .statusCode(204);
    }

    public static RequestSpecification with(String token) {
        return given().header("Authorization", "Bearer " + token).contentType(ContentType.JSON);
    }

    public static Response list(GatewayProcess gateway, String token) throws IOException {
        return with(token).get(gateway.url() + "/mfa/factors/enrollable");
    }

    public static List<String> types(GatewayProcess gateway, String token) throws IOException {
        return list(gateway, token).then().statusCode(200).extract().path("factors.factorType");
    }

    public static void enroll(GatewayProcess gateway, String token, String type) throws IOException {
        String enrollmentToken = with(token)
                .body(Map.of("factorType", type, "phoneNumber", "18800008888", "email", "somebody@example.com"))
                .post(gateway.url() + "/mfa/factors/enrollments")
                .then()
                .statusCode(201)
                .extract()
                .path("enrollmentToken");
        with(token)
                .body(Map.of("factorType", type, "enrollmentToken", enrollmentToken, "passCode", "123456"))
                .post(gateway.url() + "/mfa/factors")
                .then()
                .statusCode(204);
    }

    /** The gateway's calls to GenAuth for enrollable factors. */
    public static double calls(GatewayProcess gateway) {
        return sum(gateway, "genauth_calls_seconds_count{operation=\"list-factors-to-enroll\"");
    }

    public static double value(GatewayProcess gateway, String series) {
        return sum(gateway, series);
    }

    private static double sum(GatewayProcess gateway, String start) {
        try {
            String all = given().get(gateway.managementUrl() + "/q/metrics").asString();
            Matcher found = Pattern.compile("(?m)^" + Pattern.quote(start) + ".* (\\S+)$")
                    .matcher(all);
            double sum = 0;
            boolean any = false;
            while (found.find()) {
                sum += Double.parseDouble(found.group(1));
                any = true;
            }
            if (!any) {
                throw new AssertionError(start + " is not there");
            }
            return sum;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        for (GatewayProcess gateway : gateways) {
            gateway.close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
