package io.github.mfagateway;

import static io.github.mfagateway.support.Replicas.asked;
import static io.github.mfagateway.support.Replicas.enroll;
import static io.github.mfagateway.support.Replicas.list;
import static io.github.mfagateway.support.Replicas.types;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.mfagateway.support.GatewayProcess;
import io.github.mfagateway.support.RedisServer;
import io.github.mfagateway.support.Replicas;
import io.github.mfagateway.support.Tokens;
import io.github.mfagateway.support.Until;

/** Replicas with one memory, against a Redis that is well. */
class SharedMemoryIT {

    private final String token =
            Tokens.jwt("605dd4a2c3c9e1b0f0a1b2c3", Instant.now().plusSeconds(600));
    private final String otherToken =
            Tokens.jwt("605dd4a2c3c9e1b0f0a1b2c3", Instant.now().plusSeconds(600));

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
        assertEquals(0, asked(b));
        assertEquals(1, asked(a));
    }

    @Test
    void anEnrollmentOnOneReplicaIsSeenOnTheOtherWithEveryTokenOfTheUser() throws Exception {
        assertEquals(List.of("OTP", "SMS", "EMAIL", "FACE"), types(b, token));
        assertEquals(List.of("OTP", "SMS", "EMAIL", "FACE"), types(b, otherToken));

        enroll(a, token, "SMS");

        Thread.sleep(100); // the promise: within 100 ms
        assertEquals(List.of("OTP", "EMAIL", "FACE"), types(b, token));
        assertEquals(List.of("OTP", "EMAIL", "FACE"), types(b, otherToken));
    }

    private void awaitStored() {
        Until.until(
                "it is stored",
                () -> Replicas.value(a, "mfa_shared_operations_seconds_count{operation=\"store\",outcome=\"stored\"}")
                        == 1);
    }
}
