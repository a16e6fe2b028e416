package io.github.mfagateway.cache.redis;

import static io.github.mfagateway.support.Replicas.enroll;
import static io.github.mfagateway.support.Replicas.list;
import static io.github.mfagateway.support.Replicas.types;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.mfagateway.support.Certificates;
import io.github.mfagateway.support.FaultyWire;
import io.github.mfagateway.support.GatewayProcess;
import io.github.mfagateway.support.RedisServer;
import io.github.mfagateway.support.Replicas;
import io.github.mfagateway.support.Tokens;

/** The packaged gateway and a Redis that fails, recovers, or needs a password. */
class FailingRedisIT {

    private static final Map<String, String> DEFAULT_DEADLINE = Map.of("MFA_CACHE_SHARED_DEADLINE", "50ms");

    @TempDir
    Path folder;

    private final Replicas replicas = new Replicas();
    private RedisServer redis;

    @AfterEach
    void stop() throws Exception {
        replicas.close();
        if (redis != null) {
            redis.close();
        }
    }

    @Test
    void everyCallerGetsAResponseWhateverHappensToRedis() throws Exception {
        redis = RedisServer.start();
        try (FaultyWire wire = new FaultyWire(redis.port())) {
            GatewayProcess gateway = replicas.add(wire.url(), DEFAULT_DEADLINE);
            Replicas.awaitSharing(gateway);

            redis.freeze();
            assertServedUntilAlone(gateway);
            redis.thaw();
            Replicas.awaitSharing(gateway);
            wire.garble();
            assertServed(gateway, 100);
            wire.mend();
            Replicas.awaitSharing(gateway);
            redis.kill();
            assertServedUntilAlone(gateway);
            redis.run();
            Replicas.awaitSharing(gateway);
        }
    }

    @Test
    void aGatewayStartsAndIsReadyWithoutRedis() throws Exception {
        GatewayProcess gateway = replicas.add("redis://127.0.0.1:1", DEFAULT_DEADLINE);

        given().get(gateway.managementUrl() + "/q/health/ready").then().statusCode(200);
        assertServed(gateway, 10);
    }

    @Test
    void aReplicaThatWasCutOffDoesNotGiveWhatWasEvictedMeanwhile() throws Exception {
        redis = RedisServer.start();
        String token = Tokens.jwt("somebody", Instant.now().plusSeconds(600));
        try (FaultyWire wire = new FaultyWire(redis.port())) {
            GatewayProcess a = replicas.add(redis);
            GatewayProcess b = replicas.add(wire.url(), Map.of());
            Replicas.awaitSharing(b);
            assertEquals(List.of("OTP", "SMS", "EMAIL", "FACE"), types(b, token));
            wire.cut();
            Replicas.awaitAlone(b);

            enroll(a, token, "SMS");
            wire.mend();
            Replicas.awaitSharing(b);

            assertEquals(List.of("OTP", "EMAIL", "FACE"), types(b, token));
        }
    }

    @Test
    void aPasswordAndTlsAreSettingsOfQuarkus() throws Exception {
        Certificates certificates = new Certificates(folder);
        Path key = certificates.serverKey("ip:127.0.0.1");
        redis = RedisServer.tls(certificates.authority(), folder.resolve("ip-127-0-0-1.pem"), key, "a-password");
        Map<String, String> tls = Map.of(
                "QUARKUS_REDIS_PASSWORD", "a-password",
                "QUARKUS_REDIS_TLS_TRUST_CERTIFICATE_PEM", "true",
                "QUARKUS_REDIS_TLS_TRUST_CERTIFICATE_PEM_CERTS",
                        certificates.authority().toString());

        GatewayProcess gateway = replicas.add(redis.url(), tls);
        Replicas.awaitSharing(gateway);
        assertServed(gateway, 3);

        GatewayProcess trustsNobody = replicas.add(redis.url(), Map.of("QUARKUS_REDIS_PASSWORD", "a-password"));
        Replicas.awaitAlone(trustsNobody);
        assertServed(trustsNobody, 3);
        assertFalse(gateway.output().contains("a-password"));
    }

    @Test
    void aCertificateOfAnotherNameIsNotTalkedTo() throws Exception {
        Certificates certificates = new Certificates(folder);
        Path key = certificates.serverKey("dns:redis.example");
        redis = RedisServer.tls(certificates.authority(), folder.resolve("dns-redis-example.pem"), key, "a-password");

        GatewayProcess gateway = replicas.add(
                redis.url(),
                Map.of(
                        "QUARKUS_REDIS_PASSWORD", "a-password",
                        "QUARKUS_REDIS_TLS_TRUST_CERTIFICATE_PEM", "true",
                        "QUARKUS_REDIS_TLS_TRUST_CERTIFICATE_PEM_CERTS",
                                certificates.authority().toString()));

        Replicas.awaitAlone(gateway);
        assertServed(gateway, 3);
    }

    private static void assertServedUntilAlone(GatewayProcess gateway) throws Exception {
        int asked = 0;
        while (Replicas.value(gateway, "mfa_shared_unavailable") == 0) {
            assertServed(gateway, 1);
            asked++;
        }
        assertTrue(asked < 10_000);
        assertServed(gateway, 20);
    }

    private static void assertServed(GatewayProcess gateway, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            list(gateway, "token-" + UUID.randomUUID()).then().statusCode(200);
        }
    }
}
