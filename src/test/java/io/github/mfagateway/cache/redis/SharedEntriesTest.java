package io.github.mfagateway.cache.redis;

import static io.github.mfagateway.cache.redis.Replica.fails;
import static io.github.mfagateway.cache.redis.Replica.says;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.mfagateway.cache.CacheDirective;
import io.github.mfagateway.cache.CacheKey;
import io.github.mfagateway.cache.CacheResult;
import io.github.mfagateway.cache.CacheResult.Source;
import io.github.mfagateway.cache.LoadOutcome;
import io.github.mfagateway.cache.LoadedResponse;
import io.github.mfagateway.cache.UserDigest;
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
class SharedEntriesTest {

    private final String token = "token-" + UUID.randomUUID();
    private final RedisKeys keyspace = new RedisKeys(Replica.PREFIX, List.of(new SharedSecret(Replica.SECRET)));
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
        b = new Replica(vertx, redis.url(), Duration.ofSeconds(1), Replica.time(clock, clock), Replica.SECRET)
                .awaitSharing();
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
    void aFreshResponseOfAnotherReplicaIsServedWithoutACall() {
        store("alice");

        CacheResult<String> found = b.get(token, this::asked);

        assertEquals("response", found.response());
        assertEquals(Source.SHARED, found.source());
        assertTrue(found.timeToLive().compareTo(Duration.ofSeconds(30)) < 0);
        assertEquals(Source.FRESH, b.get(token, this::asked).source());
        assertEquals(0, calls.get());
    }

    @Test
    void aLocalHitDoesNotCallRedis() {
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
    void callersThatMissTogetherCauseOneLookup() {
        store("alice");
        List<Uni<CacheResult<String>>> callers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            callers.add(b.ask(token, "alice", CacheDirective.NONE, this::asked));
        }

        Uni.join().all(callers).andFailFast().await().atMost(Duration.ofSeconds(10));

        assertEquals(1, b.ended("lookup", "hit") + b.ended("lookup", "miss"));
        assertEquals(0, calls.get());
    }

    @Test
    void theLifetimesOfACopyAreWhatIsLeftOfThem() {
        storeFetched(Duration.ofSeconds(20), Optional.empty());

        CacheResult<String> found = b.get(token, this::asked);

        assertBetween(20, 21, found.age());
        assertBetween(9, 10, found.timeToLive());
        clock.turn(Duration.ofSeconds(10));
        assertEquals(Source.REVALIDATING, b.get(token, this::asked).source());
    }

    @Test
    void aCopyThatIsNoLongerFreshIsGivenAndRefreshedOnce() {
        storeFetched(Duration.ofSeconds(45), Optional.empty());

        assertEquals("response", b.get(token, this::asked).response());

        Until.until(
                "it is refreshed", () -> b.get(token, this::asked).response().equals("newest"));
        assertEquals(1, calls.get());
    }

    @Test
    void aCopyThatIsTooOldStandsInForWhatCannotBeHad() {
        storeFetched(Duration.ofMinutes(5), Optional.empty());

        CacheResult<String> found = b.get(token, () -> fails(LoadOutcome.UNAVAILABLE));

        assertEquals("response", found.response());
        assertEquals(Source.STALE, found.source());
        assertBetween(300, 301, found.age());
        send(Request.cmd(Command.DEL).arg(name())); // Redis' own clock is not turned
        clock.turn(Duration.ofSeconds(329));
        assertEquals(
                Source.STALE, b.get(token, () -> fails(LoadOutcome.UNAVAILABLE)).source());
        // 10 minutes and 30 seconds after it was fetched
        clock.turn(Duration.ofSeconds(1));
        assertThrows(Replica.LoadFailure.class, () -> b.get(token, () -> fails(LoadOutcome.UNAVAILABLE)));
    }

    @Test
    void aCopyThatIsTooOldIsLoadedAgain() {
        storeFetched(Duration.ofMinutes(5), Optional.empty());

        assertEquals("newest", b.get(token, this::asked).response());
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
        assertThrows(Replica.LoadFailure.class, () -> b.get(token, () -> fails(LoadOutcome.UNAVAILABLE)));
    }

    @Test
    void aCopyFromTheFutureIsNone() {
        storeFetched(Duration.ofSeconds(-5), Optional.empty());

        assertEquals("newest", b.get(token, this::asked).response());
        Until.until("it is replaced", () -> b.ended("store", "stored") == 1);
    }

    @Test
    void aValueThatIsTooLongIsNotReadAndIsReplaced() {
        send(Request.cmd(Command.SET).arg(name()).arg("9".repeat(256 * 1024 + 1)));

        assertEquals("newest", b.get(token, this::asked).response());
        assertEquals(1, b.ended("lookup", "miss"));
        Until.until("it is replaced", () -> b.ended("store", "stored") == 1);
    }

    @Test
    void anEpochThatIsTooLongIsNotReadAndIsReplaced() {
        store("alice");
        String longEpoch = "9".repeat(65);
        send(Request.cmd(Command.SET).arg(epochs().get(0)).arg(longEpoch));

        assertEquals("newest", b.get(token, this::asked).response());
        Until.until("it is stored", () -> b.ended("store", "stored") == 1);
        assertEquals(22, send(Request.cmd(Command.STRLEN).arg(epochs().get(0))).toInteger());
    }

    @Test
    void nothingIsStoredWithAnEpochThatIsTooLong() {
        CompletableFuture<LoadedResponse<String>> slowly = new CompletableFuture<>();
        CompletableFuture<CacheResult<String>> load = b.ask(token, "alice", CacheDirective.NONE, () -> Uni.createFrom()
                        .completionStage(slowly))
                .subscribeAsCompletionStage();
        Until.until("it has looked", () -> b.ended("lookup", "miss") == 1);
        send(Request.cmd(Command.SET).arg(epochs().get(0)).arg("9".repeat(65)));
        slowly.complete(says("newest", "alice").await().indefinitely());

        assertEquals("newest", load.join().response());
        Until.until("it is refused", () -> b.ended("store", "outdated") == 1);
        assertEquals(0, send(Request.cmd(Command.EXISTS).arg(name())).toInteger());
    }

    @Test
    void aNewerCopyReplacesABackgroundLoad() {
        storeFetched(Duration.ofSeconds(20), Optional.empty());
        assertEquals(Source.SHARED, b.get(token, this::asked).source());
        a.ask(token, "alice", CacheDirective.NO_CACHE, () -> says("newer", "alice"))
                .await()
                .indefinitely();
        Until.until("it is stored", () -> a.ended("store", "stored") == 1);
        clock.turn(Duration.ofSeconds(25));

        CacheResult<String> first = b.get(token, this::asked);
        // the copy may be here before the response is chosen
        assertTrue(first.source() == Source.REVALIDATING || first.response().equals("newer"), first.toString());

        Until.until("it is there", () -> b.get(token, this::asked).response().equals("newer"));
        assertEquals(0, calls.get());
    }

    @Test
    void noCacheIsStoredToo() {
        store("alice");

        CacheResult<String> anew = b.ask(token, "alice", CacheDirective.NO_CACHE, this::asked)
                .await()
                .indefinitely();

        assertEquals("newest", anew.response());
        Until.until("it is stored", () -> b.ended("store", "stored") == 1);
    }

    @Test
    void onlyIfCachedLooksNowhereElse() {
        store("alice");

        assertThrows(RuntimeException.class, () -> b.ask(token, "alice", CacheDirective.ONLY_IF_CACHED, this::asked)
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
                        Duration.ofSeconds(1),
                        Replica.time(clock, clock),
                        "another-secret-of-another-deployment")
                .awaitSharing();
        try (stranger) {
            assertEquals("newest", stranger.get(token, this::asked).response());
            assertEquals("newest", b.get(token + "x", this::asked).response());
        }
    }

    @Test
    void anotherTokensValueUnderTheKeyIsAMiss() {
        store("alice");
        String other = token + "-other";
        a.get(other, "bob", () -> says("others", "bob"));
        Until.until("it is stored", () -> a.ended("store", "stored") == 2);
        send(Request.cmd(Command.COPY)
                .arg(keyspace.entry(CacheKey.of(other)))
                .arg(name())
                .arg("REPLACE"));

        assertEquals("newest", b.get(token, this::asked).response());
        assertEquals(1, b.ended("lookup", "invalid"));
    }

    @Test
    void aChangedValueIsAMiss() {
        store("alice");
        byte[] value = send(Request.cmd(Command.GET).arg(name())).toBytes();
        value[value.length / 2] ^= 1;
        send(Request.cmd(Command.SET).arg(name()).arg(value));

        assertEquals("newest", b.get(token, this::asked).response());
        assertEquals(1, b.ended("lookup", "invalid"));
        assertTrue(b.shares(), "and no reason to give Redis up");
    }

    @Test
    void aValueOfAnotherHistoryOfTheServersDataIsAMiss() throws Exception {
        store("alice");
        byte[] value = send(Request.cmd(Command.GET).arg(name())).toBytes();
        List<String> epochs = epochs().stream()
                .map(key -> send(Request.cmd(Command.GET).arg(key)).toString())
                .toList();
        redis.kill();
        redis.run();
        send(Request.cmd(Command.SET).arg(name()).arg(value));
        send(Request.cmd(Command.MSET)
                .arg(epochs().get(0))
                .arg(epochs.get(0))
                .arg(epochs().get(1))
                .arg(epochs.get(1)));
        clock.turn(Duration.ofSeconds(2));
        b.awaitSharing();

        assertEquals("newest", b.get(token, this::asked).response());
        assertEquals(1, b.ended("lookup", "invalid"));
    }

    @Test
    void aLateRejectionDeletesNoNewerCopy() {
        store("alice");
        CompletableFuture<LoadedResponse<String>> slowly = new CompletableFuture<>();
        Uni<CacheResult<String>> rejected = b.ask(
                token, "alice", CacheDirective.NO_CACHE, () -> Uni.createFrom().completionStage(slowly));
        CompletableFuture<CacheResult<String>> late = rejected.subscribeAsCompletionStage();
        Until.until("it has looked", () -> b.ended("lookup", "hit") == 1);
        a.ask(token, "alice", CacheDirective.NO_CACHE, this::asked).await().indefinitely();
        Until.until("it is stored", () -> a.ended("store", "stored") == 2);

        slowly.completeExceptionally(new Replica.LoadFailure(LoadOutcome.REJECTED));

        assertThrows(CompletionException.class, late::join);
        Until.until("it was to be removed", () -> b.ended("remove", "done") == 1);
        try (Replica c = new Replica(vertx, redis.url()).awaitSharing()) {
            assertEquals(Source.SHARED, c.get(token, this::asked).source());
        }
    }

    @Test
    void aRejectionKeepsNoNewerSuccessOutOfRedis() {
        store("alice");
        assertThrows(Replica.LoadFailure.class, () -> b.ask(
                        token, "alice", CacheDirective.NO_CACHE, () -> fails(LoadOutcome.REJECTED))
                .await()
                .indefinitely());
        Until.until("it is removed", () -> b.ended("remove", "done") == 1);

        a.ask(token, "alice", CacheDirective.NO_CACHE, this::asked).await().indefinitely();

        Until.until("it is stored", () -> a.ended("store", "stored") == 2);
    }

    @Test
    void aResponseOfAnotherUserThanTheTokenClaimsIsNotStored() {
        a.get(token, "mallory", () -> says("response", "alice"));
        a.get(token + "-next", () -> says("response", "alice"));
        Until.until("the next is stored", () -> a.ended("store", "stored") == 1);

        assertEquals("newest", b.get(token, "mallory", this::asked).response());
        assertEquals(1, b.ended("lookup", "miss"));
    }

    @Test
    void anotherKindOfValueIsAMiss() {
        send(Request.cmd(Command.LPUSH).arg(name()).arg("what").arg("is").arg("this"));

        assertEquals("newest", b.get(token, this::asked).response());
        assertTrue(b.shares());
    }

    @Test
    void aRejectedKeyIsNotServedFromRedisAgain() {
        store("alice");
        AtomicInteger asked = new AtomicInteger();
        assertThrows(Replica.LoadFailure.class, () -> b.ask(
                        token, "alice", CacheDirective.NO_CACHE, () -> fails(LoadOutcome.REJECTED))
                .await()
                .indefinitely());
        Until.until("it is removed", () -> b.ended("remove", "done") == 1);
        clock.turn(Duration.ofSeconds(6));

        assertThrows(
                Replica.LoadFailure.class,
                () -> b.get(token, () -> {
                    asked.incrementAndGet();
                    return fails(LoadOutcome.REJECTED);
                }));
        assertEquals(1, asked.get());
    }

    @Test
    void everythingThatIsStoredEndsByItself() {
        store("alice");
        a.invalidate(token, "alice");
        Until.until("it is published", () -> a.ended("invalidate", "done") == 1);
        b.get(token, this::asked);
        Until.until("it is stored", () -> b.ended("store", "stored") == 1);

        for (Response key : send(Request.cmd(Command.KEYS).arg("*"))) {
            long left = send(Request.cmd(Command.PTTL).arg(key.toString())).toLong();
            assertTrue(left > 0 && left <= 630_000 + 120_000, key + " ends in " + left + " ms");
        }
    }

    private void store(String subject) {
        a.get(token, () -> says("response", subject));
        Until.until("it is stored", () -> a.ended("store", "stored") == 1);
    }

    /** As a replica would have stored it that looked it up so long ago. */
    private void storeFetched(Duration ago, Optional<Instant> end) {
        Response time = send(Request.cmd(Command.TIME));
        long micros = time.get(0).toLong() * 1_000_000 + time.get(1).toLong() - ago.toNanos() / 1000;
        String history = send(Request.cmd(Command.INFO).arg("replication")).toString();
        String replicationId = history.replaceAll("(?s).*master_replid:(\\w+).*", "$1");
        byte[] value = new EncryptedEntryCodec<>(new SharedSecret(Replica.SECRET), token, Replica.CODEC)
                .encode(
                        String.join(" ", name(), String.join(" ", epochs()), "epoch epoch", replicationId),
                        micros,
                        new LoadedResponse<>("response", Optional.of(UserDigest.of("alice")), end),
                        1.0);
        epochs().forEach(key -> send(Request.cmd(Command.SET).arg(key).arg("epoch")));
        send(Request.cmd(Command.SET).arg(name()).arg(value));
    }

    private String name() {
        return keyspace.entry(CacheKey.of(token));
    }

    /** Of the key, and of its user. */
    private List<String> epochs() {
        return keyspace.epochs(CacheKey.of(token), Optional.of(UserDigest.of("alice")));
    }

    private Uni<LoadedResponse<String>> asked() {
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
