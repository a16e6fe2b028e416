package io.github.mfagateway.cache.redis;

import static io.github.mfagateway.cache.redis.Replica.says;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.mfagateway.support.FaultyWire;
import io.github.mfagateway.support.RealTime;
import io.github.mfagateway.support.RedisServer;
import io.github.mfagateway.support.Until;
import io.vertx.core.Vertx;

/** A failing Redis costs the sharing, but no response. The deadline is the default, 50 ms. */
class FailingRedisTest {

    private static final Duration DEADLINE = Duration.ofMillis(50);
    // what a busy machine adds to a deadline
    private static final Duration SLACK = Duration.ofMillis(150);

    private final Vertx vertx = Vertx.vertx();
    private RedisServer redis;
    private FaultyWire wire;
    private Replica replica;

    @AfterEach
    void stop() throws Exception {
        if (replica != null) {
            replica.close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().join();
        if (wire != null) {
            wire.close();
        }
        if (redis != null) {
            redis.close();
        }
    }

    @Test
    void aFrozenRedisCostsTheDeadlineUntilTheBreakerOpensAndNothingThen() throws Exception {
        start(RedisServer.start());
        warmUp();

        redis.freeze();
        int slow = 0;
        while (replica.shares()) {
            Duration took = call();
            assertTrue(took.compareTo(DEADLINE.plus(SLACK)) < 0, took.toString());
            slow++;
        }
        assertTrue(slow <= 8, slow + " callers waited");
        assertNobodyWaits();

        redis.thaw();
        replica.awaitSharing();
        assertResponsesAreStored();
    }

    @Test
    void aFrozenRedisIsFoundOutWithoutCallers() throws Exception {
        start(RedisServer.start());

        redis.freeze();

        replica.awaitAlone();
        assertNobodyWaits();
    }

    @Test
    void aLongFreezeUsesUpNoConnections() throws Exception {
        start(RedisServer.start());
        redis.freeze();
        replica.awaitAlone();
        // a dozen attempts, each of which leaves two connections without a reply
        Duration frozen = Duration.ofSeconds(12);
        long end = System.nanoTime() + frozen.toNanos();
        Until.until("it was frozen for long", () -> System.nanoTime() > end);

        redis.thaw();

        replica.awaitSharing();
        assertResponsesAreStored();
    }

    @Test
    void aKilledRedisIsNoticedAtOnceAndUsedAgainLater() throws Exception {
        start(RedisServer.start());
        warmUp();

        redis.kill();
        replica.awaitAlone();
        assertNobodyWaits();

        redis.run();
        replica.awaitSharing();
        assertResponsesAreStored();
    }

    @Test
    void aSlowRedisIsGivenUp() throws Exception {
        start(RedisServer.start());
        warmUp();

        wire.slow(200);

        int slow = 0;
        while (replica.shares()) {
            call();
            slow++;
        }
        assertTrue(slow <= 8, slow + " callers waited");
        // long enough for three attempts, to which Redis replies too late
        long end = System.nanoTime() + Duration.ofSeconds(6).toNanos();
        while (System.nanoTime() < end) {
            assertFalse(replica.shares());
            assertNobodyWaits();
        }
        wire.mend();
        replica.awaitSharing();
        assertResponsesAreStored();
    }

    @Test
    void garbageIsNoResponse() throws Exception {
        start(RedisServer.start());
        warmUp();

        wire.garble();

        List<Duration> late = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            Duration took = call();
            if (took.compareTo(DEADLINE.plus(SLACK)) > 0) {
                late.add(took);
            }
        }
        // a busy machine may hold up one or the other
        assertTrue(late.size() < 5, late.toString());
        wire.mend();
        replica.awaitSharing();
        assertResponsesAreStored();
    }

    @Test
    void aFullRedisStoresNothingButEvicts() throws Exception {
        start(RedisServer.start("--maxmemory", "4mb", "--maxmemory-policy", "noeviction"));
        try (Replica other = new Replica(vertx, redis.url()).awaitSharing()) {
            warmUp();
            String before = call(other, "alice's token", "before");
            assertEquals("before", before);
            for (int i = 0; i < 10_000 && replica.ended("store", "full") == 0; i++) {
                String big = "x".repeat(20_000);
                replica.get("token " + i, "somebody", () -> says(big, "somebody"));
            }

            assertTrue(replica.ended("store", "full") > 0);
            replica.invalidate("another token", "alice");

            Until.until("it is heard", () -> other.invalidated("one") == 1);
            assertEquals("after", call(other, "alice's token", "after"));
            for (int i = 0; i < 20; i++) {
                call();
            }
            assertTrue(replica.shares(), "no reason to give it up");
        }
    }

    @Test
    void aRedisThatPushesThingsOutCostsOnlyMisses() throws Exception {
        start(RedisServer.start("--maxmemory", "4mb", "--maxmemory-policy", "allkeys-random"));
        String big = "x".repeat(20_000);
        for (int i = 0; i < 1000; i++) {
            assertEquals(
                    20_000,
                    replica.get("token " + i, "somebody", () -> says(big, "somebody"))
                            .response()
                            .length());
        }
        replica.awaitSharing();
    }

    @Test
    void aReadOnlyReplicaIsNotUsedUntilItIsTheOneThatTakesWrites() throws Exception {
        start(RedisServer.start());
        warmUp();

        redis.command("REPLICAOF 127.0.0.1 1");
        replica.awaitAlone();
        assertNobodyWaits();

        redis.command("REPLICAOF NO ONE");
        replica.awaitSharing();
        assertResponsesAreStored();
    }

    @Test
    void flushedScriptsAreLoadedAgain() throws Exception {
        start(RedisServer.start());
        warmUp();

        redis.command("SCRIPT FLUSH");
        call();

        replica.awaitSharing();
        Until.until("responses are stored", () -> {
            call();
            return replica.shares() && replica.ended("store", "stored") > 3;
        });
    }

    @Test
    void everythingDeletedCostsOnlyMisses() throws Exception {
        start(RedisServer.start());
        warmUp();
        assertEquals("before", call(replica, "alice's token", "before"));
        try (Replica other = new Replica(vertx, redis.url()).awaitSharing()) {
            Until.until("it is shared", () -> other.get("alice's token", () -> says("own", "alice"))
                    .response()
                    .equals("before"));

            redis.command("FLUSHALL");

            replica.invalidate("another token", "alice");
            Until.until("it is received", () -> other.invalidated("one") == 1);
            assertEquals("after", call(other, "alice's token", "after"));
            assertEquals("after", call(replica, "alice's token", "after"));
            assertTrue(replica.shares());
        }
    }

    private void start(RedisServer server) {
        redis = server;
        wire = new FaultyWire(redis.port());
        replica = new Replica(vertx, wire.url(), DEADLINE, RealTime.time(), Replica.SECRET).awaitSharing();
    }

    /** Classes are loaded, and the breaker has recorded replies of Redis. */
    private void warmUp() {
        for (int i = 0; i < 50; i++) {
            call();
        }
        replica.awaitSharing();
    }

    private Duration call() {
        long start = System.nanoTime();
        assertEquals("response", call(replica, "token-" + UUID.randomUUID(), "response"));
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static String call(Replica who, String token, String genauth) {
        return who.get(token, () -> says(genauth, "alice")).response();
    }

    private void assertNobodyWaits() {
        long waited = 0;
        int asked = 0;
        while (asked < 200 && !replica.shares()) {
            waited += call().toNanos();
            asked++;
        }
        assertTrue(asked > 0, "it shares again already");
        assertTrue(Duration.ofNanos(waited / asked).toMillis() < 5, waited + " ns for " + asked);
    }

    private void assertResponsesAreStored() {
        long before = replica.ended("store", "stored");
        Until.until("responses are stored", () -> {
            call();
            return replica.ended("store", "stored") > before;
        });
    }
}
