package io.github.mfagateway.cache.redis;

import static io.github.mfagateway.cache.redis.Replica.fails;
import static io.github.mfagateway.cache.redis.Replica.says;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.mfagateway.cache.CacheDirective;
import io.github.mfagateway.cache.CacheResult;
import io.github.mfagateway.cache.CacheResult.Source;
import io.github.mfagateway.cache.LoadOutcome;
import io.github.mfagateway.cache.LoadedResponse;
import io.github.mfagateway.support.FaultyWire;
import io.github.mfagateway.support.RedisServer;
import io.github.mfagateway.support.Until;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;

/** What ends on one replica ends on all. */
class InvalidationAcrossReplicasTest {

    private final String token = "token-" + UUID.randomUUID();
    private final String otherToken = "token-" + UUID.randomUUID();
    private final AtomicReference<String> genauth = new AtomicReference<>("before");

    private Vertx vertx;
    private RedisServer redis;
    private FaultyWire wire;
    private Replica a;
    private Replica b;
    private Replica c;

    @BeforeEach
    void start() throws Exception {
        redis = RedisServer.start();
        vertx = Vertx.vertx();
        wire = new FaultyWire(redis.port());
        a = new Replica(vertx, redis.url()).awaitSharing();
        b = new Replica(vertx, wire.url()).awaitSharing();
        c = new Replica(vertx, redis.url()).awaitSharing();
    }

    @AfterEach
    void stop() throws Exception {
        for (Replica replica : Arrays.asList(a, b, c)) {
            if (replica != null) {
                replica.close();
            }
        }
        if (vertx != null) {
            vertx.close().toCompletionStage().toCompletableFuture().join();
            wire.close();
            redis.close();
        }
    }

    @Test
    void everyTokenOfTheUserIsLoadedAgainOnEveryReplica() {
        for (Replica replica : List.of(a, b, c)) {
            assertEquals("before", response(replica, token, "alice"));
            assertEquals("before", response(replica, otherToken, "alice"));
            assertEquals("before", response(replica, "bob's " + token, "bob"));
        }

        genauth.set("after");
        a.invalidate(token, "alice");

        Until.until("b and c have heard", () -> b.invalidated("one") == 1 && c.invalidated("one") == 1);
        for (Replica replica : List.of(a, b, c)) {
            assertEquals("after", response(replica, token, "alice"));
            assertEquals("after", response(replica, otherToken, "alice"));
            assertEquals("before", response(replica, "bob's " + token, "bob"));
        }
        assertEquals(0, a.invalidated("one"), "its own it knew");
    }

    @Test
    void anInvalidationIsReceivedWithinATenthOfASecond() {
        List<Duration> took = new ArrayList<>();
        // the first loads classes, and a busy machine may hold one or the other up
        for (int i = 1; i <= 5; i++) {
            int heard = i;
            long start = System.nanoTime();
            a.invalidate(token, "alice");
            Until.until("b has heard", () -> b.invalidated("one") == heard);
            took.add(Duration.ofNanos(System.nanoTime() - start));
        }

        assertTrue(Collections.min(took).toMillis() < 100, took.toString());
    }

    @Test
    void anOpaqueTokensResponseEndsOnEveryReplica() {
        assertEquals("before", response(b, token, null));
        genauth.set("after");

        a.invalidate(token, null);

        Until.until("b has heard", () -> b.invalidated("one") == 1);
        assertEquals("after", response(b, token, null));
    }

    @Test
    void noLookupBeginsBetweenALocalInvalidationAndItsPublication() {
        assertFalse(a.sharesWhileInvalidating());
        Until.until("it is published", a::shares);
    }

    @Test
    void anEnrollmentWithUnknownOutcomeEndsTheTokensOwnResponseOnEveryReplica() {
        assertEquals("before", response(b, token, "alice"));
        Until.until("it is stored", () -> b.ended("store", "stored") == 1);
        genauth.set("after");

        a.invalidateUnproven(token);

        Until.until("b has heard", () -> b.invalidated("one") == 1);
        for (Replica replica : List.of(a, b, c)) {
            assertEquals("after", response(replica, token, "alice"));
        }
    }

    @Test
    void aLoadFromBeforeAnInvalidationElsewhereIsServedByNoReplica() {
        CompletableFuture<LoadedResponse<String>> slowly = new CompletableFuture<>();
        AtomicBoolean asked = new AtomicBoolean();
        AtomicReference<CacheResult<String>> early = new AtomicReference<>();
        a.ask(token, "alice", CacheDirective.NONE, () -> {
                    asked.set(true);
                    return Uni.createFrom().completionStage(slowly);
                })
                .subscribe()
                .with(early::set);
        Until.until("a asks", asked::get);

        b.invalidate(otherToken, "alice");
        Until.until("b has told", () -> b.pending() == 0);
        genauth.set("after");
        slowly.complete(new LoadedResponse<>("before", Optional.of("alice"), Optional.empty()));

        Until.until("a's caller has a response", () -> early.get() != null);
        Until.until("a has heard", () -> a.invalidated("one") == 1);
        for (Replica replica : List.of(a, b, c)) {
            assertEquals("after", response(replica, token, "alice"));
        }
    }

    @Test
    void aLoadFromBeforeIsNotStoredThoughItsReplicaHasNotReceivedTheInvalidation() {
        CompletableFuture<LoadedResponse<String>> slowly = new CompletableFuture<>();
        AtomicBoolean asked = new AtomicBoolean();
        b.ask(token, "alice", CacheDirective.NONE, () -> {
                    asked.set(true);
                    return Uni.createFrom().completionStage(slowly);
                })
                .subscribe()
                .with(found -> {});
        Until.until("b asks", asked::get);
        wire.slow(300); // what b hears comes late

        a.invalidate(otherToken, "alice");
        Until.until("a has told", () -> a.pending() == 0);
        slowly.complete(new LoadedResponse<>("before", Optional.of("alice"), Optional.empty()));

        Until.until("b has tried to store", () -> b.ended("store", "outdated") == 1);
        assertEquals(0, b.ended("store", "stored"));
        genauth.set("after");
        assertEquals("after", response(c, token, "alice"));
    }

    @Test
    void aReplicaThatWasCutOffDoesNotGiveWhatWasEvictedMeanwhile() {
        assertEquals("before", response(b, token, "alice"));
        assertEquals("before", response(b, "bob's " + token, "bob"));
        wire.cut();
        b.awaitAlone();
        genauth.set("after");
        a.invalidate(otherToken, "alice");
        Until.until("a has told", () -> a.pending() == 0);

        assertEquals("after", response(b, token, "alice"), "its cache became stale when it lost Redis");
        wire.mend();
        b.awaitSharing();

        assertEquals("after", response(b, token, "alice"));
        assertEquals(3, b.invalidated("all"), "at its start, at the loss, and at the second start");
    }

    @Test
    void afterRedisLostItsDataResponsesAreLoadedAgainButStandIn() throws Exception {
        assertEquals("before", response(b, token, "alice"));
        redis.kill();
        b.awaitAlone();
        genauth.set("after");
        redis.run();
        b.awaitSharing();

        CacheResult<String> standsIn = b.get(token, () -> fails(LoadOutcome.UNAVAILABLE));
        assertEquals("before", standsIn.response());
        assertEquals(Source.STALE, standsIn.source());
        Until.until("the throttle is over", () -> response(b, token, "alice").equals("after"));
    }

    @Test
    void anInvalidationMadeWithoutRedisIsPublishedWhenItIsBack() {
        assertEquals("before", response(a, token, "alice"));
        wire.cut();
        b.awaitAlone();
        genauth.set("after");
        for (int i = 0; i < 3; i++) {
            b.invalidate(otherToken, "alice");
        }
        assertEquals(1, b.pending(), "each once");
        assertEquals("before", response(a, token, "alice"), "it cannot know");

        wire.mend();

        Until.until("a has heard", () -> a.invalidated("one") == 1);
        assertEquals("after", response(a, token, "alice"));
        Until.until("b shares, and has told", () -> b.shares() && b.pending() == 0);
    }

    @Test
    void moreInvalidationsThanCanBeKeptEndAllResponses() {
        assertEquals("before", response(a, token, "alice"));
        wire.cut();
        b.awaitAlone();
        genauth.set("after");
        for (int i = 0; i < RecentInvalidations.MOST; i++) {
            b.invalidate("token " + i, "user " + i);
        }
        b.invalidate(otherToken, "alice");

        wire.mend();

        Until.until("a begins anew", () -> a.invalidated("all") == 2);
        assertEquals("after", response(a, token, "alice"));
    }

    @Test
    void tooManyInvalidationsInASessionInvalidateEverythingAndTheSharingGoesOn() {
        assertEquals("before", response(a, token, "alice"));
        for (int i = 0; i <= RecentInvalidations.MOST; i++) {
            b.invalidate("token " + i, "user " + i);
        }

        Until.until("everything is published", () -> b.pending() == 0);
        // the beginning of its session was the first time
        Until.until("a is notified", () -> a.invalidated("all") == 2);
        genauth.set("after");
        assertEquals("after", response(b, otherToken, "bob"));
        Until.until("it is stored", () -> b.ended("store", "stored") == 1);
    }

    @Test
    void aPurgeOfAUserReachesEveryReplicaAndNoOtherUser() {
        assertEquals("before", response(a, token, "alice"));
        assertEquals("before", response(b, token, "alice"));
        assertEquals("before", response(b, otherToken, "bob"));
        genauth.set("after");

        a.purge("alice");

        assertEquals("after", response(a, token, "alice"));
        Until.until("b is notified", () -> b.invalidated("one") == 1);
        assertEquals("after", response(b, token, "alice"));
        assertEquals("before", response(b, otherToken, "bob"));
    }

    @Test
    void afterAPurgeOfAllNothingIsServedNotEvenAsStale() {
        assertEquals("before", response(a, token, "alice"));
        assertEquals("before", response(b, token, "alice"));
        Until.until("it is stored", () -> a.ended("store", "stored") == 1);

        a.purge(null);

        Until.until("b is notified", () -> b.invalidated("all") == 2);
        for (Replica replica : List.of(a, b)) {
            assertThrows(
                    Replica.LoadFailure.class, () -> replica.get(token, () -> Replica.fails(LoadOutcome.UNAVAILABLE)));
        }
        Until.until("a has told", () -> a.pending() == 0);
        genauth.set("after");
        assertEquals("after", response(b, token, "alice"));
    }

    @Test
    void aRestartedReplicaBelievesRedisOnlyWhatCounts() {
        assertEquals("before", response(a, token, "alice"));
        Until.until("it is stored", () -> a.ended("store", "stored") == 1);
        genauth.set("after");
        a.invalidate(otherToken, "alice");
        Until.until("a has told", () -> a.pending() == 0);

        try (Replica late = new Replica(vertx, redis.url()).awaitSharing()) {
            assertEquals("after", response(late, token, "alice"));
        }
    }

    /** GenAuth's state is a number. A caller a tenth of a second after "write, invalidate" must see that write on each replica. */
    @Test
    void noCallerSeesAnOlderStateThanTheLastInvalidationLeft() throws Exception {
        AtomicInteger state = new AtomicInteger();
        List<long[]> evicted = new ArrayList<>(List.of(new long[] {System.nanoTime(), 0}));
        long end = System.nanoTime() + Duration.ofSeconds(4).toNanos();
        ExecutorService threads = Executors.newFixedThreadPool(7);
        try {
            List<Future<Integer>> readers = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                Replica replica = List.of(a, b, c).get(i % 3);
                String mine = "token " + i / 3;
                readers.add(threads.submit(() -> {
                    int reads = 0;
                    while (System.nanoTime() < end) {
                        int atLeast = leftBy(
                                evicted,
                                System.nanoTime() - Duration.ofMillis(500).toNanos());
                        int seen = Integer.parseInt(replica.get(mine, () -> soon(String.valueOf(state.get())))
                                .response());
                        assertTrue(seen >= atLeast, () -> "saw " + seen + " after " + atLeast);
                        reads++;
                    }
                    return reads;
                }));
            }
            Future<Integer> writer = threads.submit(() -> {
                while (System.nanoTime() < end) {
                    int written = state.incrementAndGet();
                    List.of(a, b, c).get(written % 3).invalidate("another token", "alice");
                    synchronized (evicted) {
                        evicted.add(new long[] {System.nanoTime(), written});
                    }
                    // a pace, not a wait
                    LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(20_000_000));
                }
                return state.get();
            });
            for (Future<Integer> reader : readers) {
                assertTrue(reader.get(20, TimeUnit.SECONDS) > 10);
            }
            assertTrue(writer.get(20, TimeUnit.SECONDS) > 50);
        } finally {
            threads.shutdownNow();
        }
        assertTrue(a.ended("lookup", "hit") + b.ended("lookup", "hit") + c.ended("lookup", "hit") > 10);
    }

    private static int leftBy(List<long[]> evicted, long when) {
        synchronized (evicted) {
            int last = 0;
            for (long[] eviction : evicted) {
                if (eviction[0] <= when) {
                    last = (int) eviction[1];
                }
            }
            return last;
        }
    }

    private static Uni<LoadedResponse<String>> soon(String response) {
        return says(response, "alice")
                .onItem()
                .delayIt()
                .by(Duration.ofMillis(1 + ThreadLocalRandom.current().nextInt(20)));
    }

    private String response(Replica replica, String asking, String subject) {
        return replica.get(asking, subject, () -> says(genauth.get(), subject)).response();
    }
}
