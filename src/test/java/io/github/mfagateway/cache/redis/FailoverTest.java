package io.github.mfagateway.cache.redis;

import static io.github.mfagateway.cache.redis.Replica.says;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.mfagateway.support.FaultyWire;
import io.github.mfagateway.support.RealTime;
import io.github.mfagateway.support.RedisServer;
import io.github.mfagateway.support.Until;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;

/** Another server takes over, and has not all that the first one confirmed. */
class FailoverTest {

    private final Vertx vertx = Vertx.vertx();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** A is still connected to the first server when B uses the second one, and both enroll. */
    @Test
    void noInvalidationIsLostThoughReplicasMoveOneAfterTheOther() throws Exception {
        RedisServer first = opened(RedisServer.start());
        RedisServer second = opened(RedisServer.start("--replicaof", "127.0.0.1", String.valueOf(first.port())));
        FaultyWire wireOfA = opened(new FaultyWire(first.port()));
        FaultyWire wireOfB = opened(new FaultyWire(first.port()));
        Replica a = opened(new Replica(vertx, wireOfA.url())).awaitSharing();
        Replica b = opened(new Replica(vertx, wireOfB.url())).awaitSharing();
        AtomicReference<String> x = new AtomicReference<>("x before");
        AtomicReference<String> y = new AtomicReference<>("y before");
        for (Replica replica : List.of(a, b)) {
            assertEquals("x before", get(replica, "x", x));
            assertEquals("y before", get(replica, "y", y));
        }
        Until.until("the second has it all", () -> linked(second));

        second.command("REPLICAOF NO ONE");
        wireOfB.redirect(second.port());
        wireOfB.closeConnections();
        b.awaitAlone();
        b.awaitSharing();
        assertEquals("x before", get(b, "x", x));
        x.set("x after");
        a.invalidate("token of x", "x");
        y.set("y after");
        b.invalidate("token of y", "y");
        Until.until("both have confirmed", () -> a.pending() == 0 && b.pending() == 0);
        wireOfA.redirect(second.port());
        wireOfA.closeConnections();
        a.awaitAlone();
        a.awaitSharing();

        Until.until("b has received it", () -> b.invalidated("one") >= 1);
        for (Replica replica : List.of(a, b)) {
            assertEquals("x after", get(replica, "x", x));
            assertEquals("y after", get(replica, "y", y));
        }
    }

    @Test
    void aSentinelFailoverUnderLoadServesNoOutdatedList() throws Exception {
        RedisServer first = opened(RedisServer.start());
        RedisServer second = opened(RedisServer.start("--replicaof", "127.0.0.1", String.valueOf(first.port())));
        Until.until("it replicates", () -> linked(second));
        RedisServer sentinel = opened(RedisServer.sentinel(first));
        Until.until(
                "the sentinel knows the second", () -> sentinel.hasLogged("+slave slave 127.0.0.1:" + second.port()));
        List<Replica> replicas = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Redis client = Replica.sentinelClient(vertx, List.of(sentinel.url()), "gateway");
            replicas.add(opened(new Replica(client, Duration.ofSeconds(1), RealTime.time(), Replica.SECRET))
                    .awaitSharing());
        }
        Map<String, Integer> state = new ConcurrentHashMap<>();
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Integer>> load = new ArrayList<>();
            for (Replica replica : replicas) {
                load.add(threads.submit(() -> enroll(replica, replicas.indexOf(replica), state, done)));
                load.add(threads.submit(() -> list(replica, state, done)));
            }
            Until.until("there is load", () -> state.size() == 20);
            first.kill();
            Until.until(
                    "both share again",
                    Duration.ofSeconds(40),
                    () -> reply(second, "ROLE").contains("master")
                            && replicas.stream().allMatch(Replica::shares));
            done.set(true);
            for (Future<Integer> each : load) {
                assertTrue(each.get(30, TimeUnit.SECONDS) > 0);
            }
        } finally {
            done.set(true);
            threads.shutdownNow();
        }

        Until.until("all is confirmed", () -> replicas.stream().allMatch(replica -> replica.pending() == 0));
        long messages = System.nanoTime() + Duration.ofMillis(100).toNanos();
        Until.until("messages have arrived", () -> System.nanoTime() > messages);
        state.forEach((user, newest) ->
                replicas.forEach(replica -> assertEquals(newest, number(replica, user, state), user)));
    }

    /** The replica that confirmed an enrollment never serves an older list. */
    private static int enroll(Replica replica, int number, Map<String, Integer> state, AtomicBoolean done) {
        int enrolled = 0;
        while (!done.get()) {
            String user = "user " + (2 * (enrolled % 10) + number);
            int newest = state.merge(user, 1, Integer::sum);
            replica.invalidate("token of " + user, user);
            assertTrue(number(replica, user, state) >= newest, user);
            enrolled++;
            LockSupport.parkNanos(2_000_000);
        }
        return enrolled;
    }

    private static int list(Replica replica, Map<String, Integer> state, AtomicBoolean done) {
        int listed = 0;
        while (!done.get()) {
            number(replica, "user " + listed % 20, state);
            listed++;
        }
        return listed;
    }

    private static int number(Replica replica, String user, Map<String, Integer> state) {
        return Integer.parseInt(
                replica.get("token of " + user, user, () -> says(String.valueOf(state.getOrDefault(user, 0)), user))
                        .response());
    }

    private static String get(Replica replica, String user, AtomicReference<String> state) {
        return replica.get("token of " + user, user, () -> says(state.get(), user))
                .response();
    }

    private static boolean linked(RedisServer replica) {
        return reply(replica, "INFO replication").contains("master_link_status:up");
    }

    private static String reply(RedisServer server, String command) {
        try {
            return server.command(command);
        } catch (java.io.IOException notNow) {
            return "";
        }
    }

    private <T extends AutoCloseable> T opened(T it) {
        open.add(0, it);
        return it;
    }
}
