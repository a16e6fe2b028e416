package io.github.mfagateway.redis;

import static io.github.mfagateway.redis.Replica.fails;
import static io.github.mfagateway.redis.Replica.says;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.mfagateway.cache.CacheKey;
import io.github.mfagateway.cache.Directive;
import io.github.mfagateway.cache.Fetched;
import io.github.mfagateway.cache.Found;
import io.github.mfagateway.cache.Found.Source;
import io.github.mfagateway.cache.Outcome;
import io.github.mfagateway.support.RedisServer;
import io.github.mfagateway.support.StoppedClock;
import io.github.mfagateway.support.Until;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;

/** What one replica fetched, as another one gives it. */
class SharedAnswersTest {

    private final String token = "token-" + UUID.randomUUID();
    private final StoppedClock clock = new StoppedClock();
    private final AtomicInteger calls = new AtomicInteger();

    private Vertx vertx;
    private RedisServer redis;
    private Redis wire;
    private Replica a;
    private Replica b;

    @BeforeEach
    void start() throws Exception {
        redis = RedisServer.start();
        vertx = Vertx.vertx();
        wire = Replica.client(vertx, redis.url());
        a = new Replica(vertx, redis.url()).awaitSharing();
        b = new Replica(vertx, redis.url(), Replica.SECRET, Duration.ofSeconds(1), clock, clock).awaitSharing();
    }

    @AfterEach
    void stop() throws Exception {
        if (vertx != null) {
            for (Replica replica : Arrays.asList(a, b)) {
                if (replica != null) {
                    replica.close();
                }
            }
            vertx.close().toCompletionStage().toCompletableFuture().join();
            redis.close();
        }
    }

    @Test
    void aFreshAnswerOfAnotherReplicaIsGivenWithoutAsking() {
        store("alice");

        Found<String> found = b.get(token, this::asked);

        assertEquals("answer", found.answer());
        assertEquals(Source.SHARED, found.source());
        assertTrue(found.timeToLive().compareTo(Duration.ofSeconds(30)) < 0);
        assertEquals(Source.FRESH, b.get(token, this::asked).source());
        assertEquals(0, calls.get());
    }

    @Test
    void aHitInMemoryDoesNotLookIntoRedis() {
        store("alice");
        b.get(token, this::asked);
        long looked = b.ended("lookup", "hit");
        for (int i = 0; i < 100; i++) {
            b.get(token, this::asked);
        }

        assertEquals(looked, b.ended("lookup", "hit"));
        assertEquals(0, b.ended("lookup", "miss"));
    }

    @Test
    void callersWhoMissTogetherLookOnce() {
        store("alice");
        List<Uni<Found<String>>> callers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            callers.add(b.ask(token, Directive.NONE, this::asked));
        }

        Uni.join().all(callers).andFailFast().await().atMost(Duration.ofSeconds(10));

        assertEquals(1, b.ended("lookup", "hit") + b.ended("lookup", "miss"));
        assertEquals(0, calls.get());
    }

    @Test
    void theWindowsOfACopyAreWhatIsLeftOfThem() {
        storeFetched(Duration.ofSeconds(20), Optional.empty());

        Found<String> found = b.get(token, this::asked);

        assertBetween(20, 21, found.age());
        assertBetween(9, 10, found.timeToLive());
        clock.turn(Duration.ofSeconds(10));
        assertEquals(Source.REVALIDATING, b.get(token, this::asked).source());
    }

    @Test
    void aCopyThatIsNoLongerFreshIsGivenAndRefreshedOnce() {
        storeFetched(Duration.ofSeconds(45), Optional.empty());

        assertEquals("answer", b.get(token, this::asked).answer());

        Until.until("it is refreshed", () -> b.get(token, this::asked).answer().equals("newest"));
        assertEquals(1, calls.get());
    }

    @Test
    void aCopyThatIsTooOldStandsInForWhatCannotBeHad() {
        storeFetched(Duration.ofMinutes(5), Optional.empty());

        Found<String> found = b.get(token, () -> fails(Outcome.UNAVAILABLE));

        assertEquals("answer", found.answer());
        assertEquals(Source.STALE, found.source());
        assertBetween(300, 301, found.age());
        send(Request.cmd(Command.DEL).arg(name())); // Redis' own clock is not turned
        clock.turn(Duration.ofSeconds(329));
        assertEquals(
                Source.STALE, b.get(token, () -> fails(Outcome.UNAVAILABLE)).source());
        // 10 minutes and 30 seconds after it was fetched
        clock.turn(Duration.ofSeconds(1));
        assertThrows(Replica.LoadFailure.class, () -> b.get(token, () -> fails(Outcome.UNAVAILABLE)));
    }

    @Test
    void aCopyThatIsTooOldIsAskedForAgain() {
        storeFetched(Duration.ofMinutes(5), Optional.empty());

        assertEquals("newest", b.get(token, this::asked).answer());
    }

    @Test
    void aCopyEndsWithItsTokenThoughThisReplicasClockIsTwoSecondsBehind() {
        Instant end = clock.instant().plusSeconds(2).plusSeconds(10);
        storeFetched(Duration.ofSeconds(1), Optional.of(end));

        assertEquals(Source.SHARED, b.get(token, this::asked).source());
        clock.turn(Duration.ofMillis(9_900));
        assertEquals(Source.FRESH, b.get(token, this::asked).source());
        // by the other clock the token ends now
        clock.turn(Duration.ofMillis(100));
        assertThrows(Replica.LoadFailure.class, () -> b.get(token, () -> fails(Outcome.UNAVAILABLE)));
    }

    @Test
    void aCopyFromTheFutureIsNone() {
        storeFetched(Duration.ofSeconds(-5), Optional.empty());

        assertEquals("newest", b.get(token, this::asked).answer());
    }

    @Test
    void aNewerCopyIsTakenInsteadOfARefresh() {
        storeFetched(Duration.ofSeconds(20), Optional.empty());
        assertEquals(Source.SHARED, b.get(token, this::asked).source());
        clock.turn(Duration.ofSeconds(25));
        a.ask(token, Directive.NO_CACHE, () -> says("newer", "alice")).await().indefinitely();
        Until.until("it is stored", () -> a.ended("store", "stored") == 1);

        Found<String> first = b.get(token, this::asked);
        // the copy may be here before the response is chosen
        assertTrue(first.source() == Source.REVALIDATING || first.answer().equals("newer"), first.toString());

        Until.until("it is there", () -> b.get(token, this::asked).answer().equals("newer"));
        assertEquals(0, calls.get());
    }

    @Test
    void whoAsksAnewDoesNotLookButStores() {
        store("alice");

        Found<String> anew =
                b.ask(token, Directive.NO_CACHE, this::asked).await().indefinitely();

        assertEquals("newest", anew.answer());
        assertEquals(0, b.ended("lookup", "hit"));
        Until.until("it is stored", () -> b.ended("store", "stored") == 1);
    }

    @Test
    void onlyIfCachedLooksNowhereElse() {
        store("alice");

        assertThrows(RuntimeException.class, () -> b.ask(token, Directive.ONLY_IF_CACHED, this::asked)
                .await()
                .indefinitely());
        assertEquals(0, b.ended("lookup", "hit"));
    }

    @Test
    void anotherTokenOrAnotherSecretFindsNothing() {
        store("alice");
        Replica stranger = new Replica(
                        vertx,
                        redis.url(),
                        "another-secret-of-another-deployment".getBytes(StandardCharsets.UTF_8),
                        Duration.ofSeconds(1),
                        clock,
                        clock)
                .awaitSharing();
        try (stranger) {
            assertEquals("newest", stranger.get(token, this::asked).answer());
            assertEquals("newest", b.get(token + "x", this::asked).answer());
        }
    }

    @Test
    void anotherTokensValueUnderTheKeyIsAMiss() {
        store("alice");
        String other = token + "-other";
        a.get(other, () -> says("others", "bob"));
        Until.until("it is stored", () -> a.ended("store", "stored") == 2);
        Names names = new Names(Replica.SECRET);
        send(Request.cmd(Command.COPY)
                .arg(names.answer(CacheKey.of(other)))
                .arg(names.answer(CacheKey.of(token)))
                .arg("REPLACE"));

        assertEquals("newest", b.get(token, this::asked).answer());
        assertEquals(1, b.ended("lookup", "unreadable"));
    }

    @Test
    void aValueWithOneBitChangedAnywhereIsAMiss() {
        store("alice");
        byte[] value = send(Request.cmd(Command.GET).arg(name())).toBytes();
        for (int i = 0; i < value.length; i++) {
            byte[] tampered = value.clone();
            tampered[i] ^= 1;
            assertMiss(tampered, "byte " + i);
        }
        assertTrue(b.shares(), "and no reason to give Redis up");
    }

    @Test
    void aValueThatIsTruncatedIsAMiss() {
        store("alice");
        byte[] value = send(Request.cmd(Command.GET).arg(name())).toBytes();
        for (int length = 0; length < value.length; length++) {
            assertMiss(java.util.Arrays.copyOf(value, length), length + " bytes");
        }
        assertTrue(b.shares(), "and no reason to give Redis up");
    }

    @Test
    void anotherKindOfValueIsAMiss() {
        send(Request.cmd(Command.LPUSH).arg(name()).arg("what").arg("is").arg("this"));

        assertEquals("newest", b.get(token, this::asked).answer());
        assertTrue(b.shares());
    }

    @Test
    void aRefusedKeyIsNotAnsweredFromRedisAgain() {
        store("alice");
        AtomicInteger asked = new AtomicInteger();
        assertThrows(Replica.LoadFailure.class, () -> b.ask(token, Directive.NO_CACHE, () -> fails(Outcome.REFUSED))
                .await()
                .indefinitely());
        Until.until("it is removed", () -> b.ended("remove", "done") == 1);
        clock.turn(Duration.ofSeconds(6));

        assertThrows(
                Replica.LoadFailure.class,
                () -> b.get(token, () -> {
                    asked.incrementAndGet();
                    return fails(Outcome.REFUSED);
                }));
        assertEquals(1, asked.get());
    }

    @Test
    void everythingThatIsStoredEndsByItself() {
        store("alice");
        a.evict(token, "alice");
        Until.until("it is told", () -> a.pending() == 0);
        assertThrows(Replica.LoadFailure.class, () -> b.get(token, () -> fails(Outcome.REFUSED)));
        Until.until("it is removed", () -> b.ended("remove", "done") == 1);

        for (Response key : send(Request.cmd(Command.KEYS).arg("*"))) {
            if (key.toString().startsWith("mfa:answer:")) {
                long left = send(Request.cmd(Command.PTTL).arg(key.toString())).toLong();
                assertTrue(left > 0 && left <= 630_000, key + " ends in " + left + " ms");
            } else {
                assertTrue(List.of("mfa:floors:2", "mfa:evictions:2").contains(key.toString()), key.toString());
            }
        }
    }

    private void assertMiss(byte[] value, String what) {
        send(Request.cmd(Command.SET).arg(name()).arg(value));
        Found<String> found =
                b.get(token, () -> fails(Outcome.UNAVAILABLE).onFailure().recoverWithUni(this::asked));
        assertEquals("newest", found.answer(), what);
        // and nothing of it is in memory
        b.evict(token, "alice");
        Until.until("it is told", () -> b.pending() == 0);
        assertFalse(found.source() == Source.SHARED, what);
    }

    private void store(String subject) {
        a.get(token, () -> says("answer", subject));
        Until.until("it is stored", () -> a.ended("store", "stored") == 1);
    }

    /** As a replica would have stored it that asked so long ago. */
    private void storeFetched(Duration ago, Optional<Instant> end) {
        String head = send(Request.cmd(Command.GETRANGE)
                        .arg("mfa:floors:2")
                        .arg(0)
                        .arg(27))
                .toString();
        Response time = send(Request.cmd(Command.TIME));
        long micros = time.get(0).toLong() * 1_000_000 + time.get(1).toLong() - ago.toNanos() / 1000;
        Mark since = Mark.of(head, String.valueOf(micros));
        byte[] value = StoredValue.write(
                new Seal(Replica.SECRET),
                token,
                name(),
                since,
                new Fetched<>("answer", Optional.of(new Names(Replica.SECRET).user("alice")), end),
                1.0,
                Replica.BYTES);
        send(Request.cmd(Command.SET).arg(name()).arg(value));
    }

    private String name() {
        return new Names(Replica.SECRET).answer(CacheKey.of(token));
    }

    private Uni<Fetched<String>> asked() {
        calls.incrementAndGet();
        return says("newest", "alice");
    }

    private Response send(Request request) {
        return wire.send(request).toCompletionStage().toCompletableFuture().join();
    }

    private static void assertBetween(long from, long to, Duration duration) {
        assertTrue(
                duration.compareTo(Duration.ofSeconds(from)) >= 0 && duration.compareTo(Duration.ofSeconds(to)) <= 0,
                duration.toString());
    }
}
