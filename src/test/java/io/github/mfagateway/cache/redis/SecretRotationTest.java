package io.github.mfagateway.cache.redis;

import static io.github.mfagateway.cache.redis.Replica.says;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.mfagateway.cache.CacheResult.Source;
import io.github.mfagateway.support.RealTime;
import io.github.mfagateway.support.RedisServer;
import io.github.mfagateway.support.Until;
import io.vertx.core.Vertx;

/** Replicas before, during and after a rotation: with the old secret, with both, and with the new one. */
class SecretRotationTest {

    private static final String OLD = Replica.SECRET;
    private static final String NEW = "the-next-secret-of-the-deployment-9876";

    private final AtomicReference<String> genauth = new AtomicReference<>("before");

    private Vertx vertx;
    private RedisServer redis;

    @BeforeEach
    void start() throws Exception {
        redis = RedisServer.start();
        vertx = Vertx.vertx();
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        redis.close();
    }

    @Test
    void invalidationsAreUnderstoodInTheFirstRollout() {
        assertUnderstood(new String[] {OLD}, new String[] {NEW, OLD});
    }

    @Test
    void invalidationsAreUnderstoodInTheSecondRollout() {
        assertUnderstood(new String[] {NEW, OLD}, new String[] {NEW});
    }

    @Test
    void replicasOfOneRolloutShareEntries() {
        for (String[] secrets : List.of(new String[] {NEW, OLD}, new String[] {NEW})) {
            try (Replica a = replica(secrets);
                    Replica b = replica(secrets)) {
                a.get("token " + secrets.length, () -> says("shared", "alice"));
                Until.until("it is stored", () -> a.ended("store", "stored") == 1);
                assertEquals(
                        Source.SHARED,
                        b.get("token " + secrets.length, () -> says("own", "alice"))
                                .source());
            }
        }
    }

    /** Each of two replicas invalidates; then neither serves what was before, nor does a third one find it in Redis. */
    private void assertUnderstood(String[] secrets, String[] others) {
        try (Replica a = replica(secrets);
                Replica b = replica(others)) {
            for (Replica from : List.of(a, b)) {
                Replica to = from == a ? b : a;
                String before = genauth.get();
                for (String token : List.of("alice-1", "alice-2", "opaque")) {
                    assertEquals(before, get(from, token));
                    assertEquals(before, get(to, token));
                }
                double received = to.invalidated("one");
                genauth.set(before + ", then " + secrets.length);
                from.invalidate("alice-1", "alice");
                from.invalidate("opaque", null);
                Until.until("it is received", () -> to.invalidated("one") >= received + 2);
                try (Replica third = replica(secrets);
                        Replica fourth = replica(others)) {
                    for (Replica each : List.of(third, fourth, from, to)) {
                        for (String token : List.of("alice-1", "alice-2", "opaque")) {
                            assertEquals(genauth.get(), get(each, token));
                        }
                    }
                }
            }
            assertTrue(a.shares() && b.shares());
        }
    }

    private String get(Replica replica, String token) {
        String subject = token.equals("opaque") ? null : "alice";
        return replica.get(token, subject, () -> says(genauth.get(), subject)).response();
    }

    private Replica replica(String... secrets) {
        return new Replica(vertx, redis.url(), Duration.ofSeconds(1), RealTime.time(), secrets).awaitSharing();
    }
}
