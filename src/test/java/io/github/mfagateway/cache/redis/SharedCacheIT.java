package io.github.mfagateway.cache.redis;

import static io.github.mfagateway.support.Replicas.calls;
import static io.github.mfagateway.support.Replicas.enroll;
import static io.github.mfagateway.support.Replicas.list;
import static io.github.mfagateway.support.Replicas.types;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.mfagateway.cache.CacheKey;
import io.github.mfagateway.support.GatewayProcess;
import io.github.mfagateway.support.RedisServer;
import io.github.mfagateway.support.Replicas;
import io.github.mfagateway.support.Tokens;
import io.github.mfagateway.support.Until;

/** Replicas that share a cache in a healthy Redis. */
class SharedCacheIT {

    private static final String SUBJECT = "605dd4a2c3c9e1b0f0a1b2c3";

    private final String token = Tokens.jwt(SUBJECT, Instant.now().plusSeconds(600));
    private final String otherToken = Tokens.jwt(SUBJECT, Instant.now().plusSeconds(600));

    private RedisServer redis;
    private Replicas replicas;
    private GatewayProcess a;
    private GatewayProcess b;

    @BeforeEach
    void start() throws Exception {
        redis = RedisServer.start();
        replicas = new Replicas();
        a = replicas.add(redis);
        b = replicas.add(redis);
    }

    @AfterEach
    void stop() throws Exception {
        if (replicas != null) {
            replicas.close();
            redis.close();
        }
    }

    @Test
    void whatOneReplicaFetchedAnotherGives() throws Exception {
        list(a, token).then().statusCode(200).header("Cache-Status", containsString("stored"));
        awaitStored();

        list(b, token)
                .then()
                .statusCode(200)
                .header("Cache-Status", containsString("hit; ttl="))
                .header("Cache-Status", containsString("detail=shared"));
        list(b, token).then().statusCode(200).header("Cache-Status", containsString("hit; ttl="));
        assertEquals(0, calls(b));
        assertEquals(1, calls(a));
    }

    @Test
    void anEnrollmentOnOneReplicaIsSeenOnTheOtherWithEveryTokenOfTheUser() throws Exception {
        assertEquals(List.of("OTP", "SMS", "EMAIL", "FACE"), types(b, token));
        assertEquals(List.of("OTP", "SMS", "EMAIL", "FACE"), types(b, otherToken));

        // the first one loads classes
        enroll(a, "warm-up-" + UUID.randomUUID(), "SMS");
        enroll(a, token, "SMS");

        long promised = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
        Until.until("a tenth of a second has passed", () -> System.nanoTime() > promised);
        assertEquals(List.of("OTP", "EMAIL", "FACE"), types(b, token));
        assertEquals(List.of("OTP", "EMAIL", "FACE"), types(b, otherToken));
    }

    @Test
    void threeReplicasCallGenAuthAtMostOnceEachForOneColdToken() throws Exception {
        GatewayProcess c = replicas.add(redis);
        for (GatewayProcess gateway : List.of(a, b, c)) {
            types(gateway, "warm-up"); // classes are loaded
        }
        double before = calls(a) + calls(b) + calls(c);
        replicas.sandbox("delay=1000");
        HttpClient client = HttpClient.newHttpClient();
        List<CompletableFuture<HttpResponse<String>>> callers = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            GatewayProcess gateway = List.of(a, b, c).get(i % 3);
            callers.add(client.sendAsync(
                    HttpRequest.newBuilder(URI.create(gateway.url() + "/mfa/factors/enrollable"))
                            .header("Authorization", "Bearer " + token)
                            .build(),
                    HttpResponse.BodyHandlers.ofString()));
        }

        for (CompletableFuture<HttpResponse<String>> caller : callers) {
            assertEquals(200, caller.get(60, TimeUnit.SECONDS).statusCode());
        }
        assertTrue(calls(a) + calls(b) + calls(c) - before <= 3);
    }

    @Test
    void aDumpShowsNeitherTokensNorFactorsNorUsers() throws Exception {
        types(a, token);
        types(a, "an-opaque-token");
        enroll(a, token, "SMS");
        types(a, token);
        types(b, otherToken);
        list(a, "expired-token").then().statusCode(401);
        Until.until("all is told", () -> Replicas.value(a, "mfa_shared_invalidations_pending") == 0);
        awaitStored();

        StringBuilder dump = new StringBuilder();
        for (String key : redis.command("KEYS *").split("\r\n")) {
            if (key.startsWith("mfa:")) {
                String kind = redis.command("TYPE " + key);
                dump.append(key)
                        .append(
                                kind.contains("stream")
                                        ? redis.command("XRANGE " + key + " - +")
                                        : redis.command("GET " + key));
            }
        }
        assertTrue(dump.indexOf("mfa:entry:") >= 0 && dump.indexOf("mfa:epoch:") >= 0, "there is something to see");
        for (String known : List.of(
                token,
                otherToken,
                token.split("\\.")[1],
                "an-opaque-token",
                "expired-token",
                SUBJECT,
                Replicas.SECRET,
                "OTP",
                "SMS",
                "EMAIL",
                "FACE",
                "factor",
                "18800008888",
                "somebody@example.com")) {
            assertFalse(dump.indexOf(known) >= 0, known);
        }
        // nor digests that could be made without the secret
        for (String input : List.of(token, otherToken, "an-opaque-token", SUBJECT)) {
            for (byte[] digest : List.of(sha256(input), key(input))) {
                String raw = new String(digest, StandardCharsets.ISO_8859_1);
                String base64 = Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
                assertFalse(dump.indexOf(raw) >= 0);
                assertFalse(dump.indexOf(base64) >= 0);
                assertFalse(dump.indexOf(base64.substring(0, 22)) >= 0);
                assertFalse(dump.indexOf(HexFormat.of().formatHex(digest)) >= 0);
            }
        }
        for (GatewayProcess gateway : List.of(a, b)) {
            assertFalse(gateway.output().contains(Replicas.SECRET));
        }
    }

    /** As the gateway knows a token by itself. */
    private static byte[] key(String token) {
        CacheKey key = CacheKey.of("Bearer " + token, "app", "");
        return ByteBuffer.allocate(32)
                .putLong(key.first())
                .putLong(key.second())
                .putLong(key.third())
                .putLong(key.fourth())
                .array();
    }

    private static byte[] sha256(String input) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(input.getBytes(StandardCharsets.UTF_8));
    }

    private void awaitStored() {
        Until.until(
                "it is stored",
                () -> Replicas.value(a, "mfa_shared_operations_seconds_count{operation=\"store\",outcome=\"stored\"}")
                        >= 1);
    }
}
