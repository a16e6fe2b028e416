package io.github.mfagateway.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mfagateway.cache.CacheResult.Source;
import io.github.mfagateway.cache.ResponseCacheTest.LoadFailure;
import io.github.mfagateway.config.CacheSettings;
import io.github.mfagateway.support.StoppedClock;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.subscription.UniEmitter;

/** What happens to a key between a caller's look into the cache and the beginning of its load, and while loads overlap. */
class ConcurrentLoadsTest {

    private static final CacheKey KEY = CacheKey.of("token");
    private static final Duration SOFT = Duration.ofMillis(300);

    private final StoppedClock clock = new StoppedClock();
    private final TestTraits<String> traits =
            new TestTraits<>(failure -> failure instanceof LoadFailure load ? load.outcome : LoadOutcome.FAILED);
    private final Deque<UniEmitter<? super LoadedResponse<String>>> loads = new ArrayDeque<>();
    private final ResponseCache<String> cache = cache(TestCacheSettings.defaults());

    /** How often the time is read until something happens; below 0: never. */
    private int readsUntil = -1;

    private Runnable meanwhile = () -> {};
    private int calls;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void aLoadThatCompletesMeanwhileIsUsed(int moment) {
        ask(CacheDirective.NONE);

        UniAssertSubscriber<CacheResult<String>> caller = askWhile(moment, () -> complete("just loaded"));

        assertEquals("just loaded", caller.assertCompleted().getItem().response());
        assertEquals(1, calls);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void aLoadThatFailsMeanwhileThrottles(int moment) {
        aStaleResponse();
        ask(CacheDirective.NONE);

        UniAssertSubscriber<CacheResult<String>> caller = askWhile(moment, () -> fail(LoadOutcome.UNAVAILABLE));

        assertEquals(Source.STALE, caller.assertCompleted().getItem().source());
        assertEquals(1, calls);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void aLoadThatIsNotAdmittedMeanwhileThrottlesAndIsNamed(int moment) {
        aStaleResponse();
        ask(CacheDirective.NONE);

        UniAssertSubscriber<CacheResult<String>> caller = askWhile(moment, () -> fail(LoadOutcome.OVERLOADED));

        assertEquals(Source.OVERLOADED, caller.assertCompleted().getItem().source());
        assertEquals(1, calls);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void aKeyThatIsRejectedMeanwhileIsNotLoaded(int moment) {
        ask(CacheDirective.NONE);

        askWhile(moment, () -> fail(LoadOutcome.REJECTED)).assertFailedWith(LoadFailure.class);

        assertEquals(1, calls);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void aStaleResponseThatIsReplacedMeanwhileIsNotRevalidatedAgain(int moment) {
        store("old");
        clock.turn(Duration.ofSeconds(45));
        ask(CacheDirective.NO_CACHE);

        askWhile(moment, () -> complete("new")).assertCompleted();

        assertEquals(2, calls);
        assertEquals("new", cache.fresh(KEY).orElseThrow().response());
    }

    /** Also if no response is fresh for any time. */
    @Test
    void aLateFailureDoesNotThrottleWhatWasLoadedSinceItsLoadBegan() {
        ResponseCache<String> never =
                cache(TestCacheSettings.of(Duration.ZERO, Duration.ZERO, Duration.ofMinutes(10), 1 << 20));
        ask(never, CacheDirective.NONE);
        ask(never, CacheDirective.NO_CACHE);
        loads.removeLast().complete(fetched("new"));
        fail(LoadOutcome.UNAVAILABLE);

        ask(never, CacheDirective.NONE).assertNotTerminated();
        assertEquals(3, calls);
    }

    @Test
    void aResponseFromBeforeARejectionDoesNotReplaceOneFromAfterIt() {
        ask(CacheDirective.NONE);
        UniEmitter<? super LoadedResponse<String>> slow = loads.removeFirst();
        cache.reject(KEY, cache.nextOrder());
        ask(CacheDirective.NO_CACHE);
        complete("after");

        slow.complete(fetched("before"));

        assertEquals("after", cache.fresh(KEY).orElseThrow().response());
    }

    @Test
    void aSuccessEndsACachedRejection() {
        ask(CacheDirective.NONE);
        fail(LoadOutcome.REJECTED);
        ask(CacheDirective.NO_CACHE);
        complete("new");
        cache.invalidate(KEY, Optional.empty());

        ask(CacheDirective.NONE).assertNotTerminated();
    }

    @Test
    void aRejectionIsCachedFromTheLastOneOn() {
        ask(CacheDirective.NONE);
        fail(LoadOutcome.REJECTED);
        clock.turn(Duration.ofMillis(500));
        ask(CacheDirective.NO_CACHE);
        fail(LoadOutcome.REJECTED);
        clock.turn(Duration.ofMillis(4999));

        ask(CacheDirective.NONE).assertFailedWith(LoadFailure.class);
    }

    @Test
    void aLaterExpiryOfAllIsNotUndoneByAnEarlierOne() {
        CacheStore<String> store = new CacheStore<>(TestCacheSettings.defaults(), response -> 0, time(), () -> 0.5);
        CacheEntry<String> entry = store.put(KEY, 4, fetched("response"), 1);
        store.expireAll(5);

        store.expireAll(3);

        assertEquals(Duration.ofSeconds(60).toNanos(), store.ageForLoading(entry, clock.read()));
    }

    @Test
    void anInvalidationOfAUserIsNotUndoneByAnEarlierOne() {
        EntryOwner user = new EntryOwner("alice");
        user.invalidate(5);
        user.invalidate(3);

        assertTrue(user.invalidatedAfter(4));
    }

    @Test
    void aResponseWeighsWhatItTakesAndItsEntry() {
        ResponseCache<String> weighing = new ResponseCache<>(
                TestCacheSettings.defaults(),
                Duration.ofSeconds(1),
                new TestTraits<String>(failure -> LoadOutcome.FAILED) {
                    @Override
                    public int bytes(String response) {
                        return 1000;
                    }
                },
                time(),
                () -> 0.5);
        weighing.get(KEY, CacheDirective.NONE, () -> Uni.createFrom().item(fetched("response")))
                .await()
                .indefinitely();

        assertEquals(1000 + CacheStore.ENTRY_BYTES, weighing.bytes());
    }

    /** What is hidden from callers is not hidden from operators. */
    @Test
    void aDefectInTheHandlingOfALoadIsReported() {
        List<Throwable> reported = new ArrayList<>();
        Infrastructure.setDroppedExceptionHandler(reported::add);
        try {
            IllegalStateException defect = new IllegalStateException();
            ResponseCache<String> defective = new ResponseCache<>(
                    TestCacheSettings.defaults(),
                    Duration.ofSeconds(1),
                    new TestTraits<>(failure -> {
                        throw defect;
                    }),
                    time(),
                    () -> 0.5);
            ask(defective, CacheDirective.NONE);
            fail(LoadOutcome.UNAVAILABLE);

            assertTrue(reported.contains(defect));
        } finally {
            Infrastructure.resetDroppedExceptionHandler();
        }
    }

    @Test
    void aCallerOfALoadOlderThanTheSoftTimeoutDoesNotWait() {
        aStaleResponse();
        ask(CacheDirective.NONE).cancel();
        clock.turn(SOFT.minusNanos(1));
        ask(CacheDirective.NONE).assertNotTerminated();
        clock.turn(Duration.ofNanos(1));

        ask(CacheDirective.NONE).assertCompleted();
        assertEquals(1, calls);
    }

    @Test
    void aLoadIsNotJoinedAfterAnInvalidationAndLaterCallersJoinTheNewerOne() {
        ask(CacheDirective.NONE);
        cache.invalidate("bob");
        ask(CacheDirective.NONE);
        UniAssertSubscriber<CacheResult<String>> third = ask(CacheDirective.NONE);
        loads.removeFirst();

        complete("newer");

        assertEquals("newer", third.getItem().response());
        assertEquals(2, calls);
    }

    /** A response of an invalidated user goes, and its user with it, as soon as no load from before can complete. */
    @Test
    void usersAreTheSameWhileAnEntryRefersToThemAndForgottenAfterwards() {
        EntryOwners users = new EntryOwners();
        EntryOwner alice = users.of("alice");
        assertSame(alice, users.of("alice"));
        assertEquals(Optional.of("alice"), alice.subject());
        assertEquals(Optional.empty(), users.of(KEY).subject());
        users.of("bob");
        assertEquals(3, users.size());

        alice = null;
        for (int i = 0; i < 100 && users.size() > 1; i++) {
            System.gc();
            users.of("carol");
        }
        assertTrue(users.size() <= 1, users.size() + " users");
    }

    @Test
    void whatAnOpaqueTokenLoadsIsNotStoredIfTheTokenIsInvalidatedMeanwhile() {
        ask(CacheDirective.NONE);
        cache.invalidate(KEY, Optional.empty());

        loads.removeFirst().complete(new LoadedResponse<>("before", Optional.empty(), Optional.empty()));

        assertTrue(cache.fresh(KEY).isEmpty());
    }

    @Test
    void aResponseThatMayNotStandInDoesNotWhenALoadIsLate() {
        ResponseCache<String> strict =
                cache(TestCacheSettings.of(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ZERO, 1 << 20));
        ask(strict, CacheDirective.NONE);
        complete("old");
        clock.turn(Duration.ofSeconds(40));
        strict.expireAll();

        UniAssertSubscriber<CacheResult<String>> caller = ask(strict, CacheDirective.NONE);
        clock.turn(SOFT);

        caller.assertNotTerminated();
    }

    /** No caller joins a load from before it; a late one throttles all the same. */
    @Test
    void anInvalidationOfAnotherUserDuringALateLoadCostsNoSecondCall() {
        aStaleResponse();
        ask(CacheDirective.NONE);
        clock.turn(SOFT);
        cache.invalidate("bob");

        assertEquals(Source.STALE, ask(CacheDirective.NONE).getItem().source());
        assertEquals(1, calls);
    }

    /** It is not there, though Caffeine keeps it for the longest time that any response may be used. */
    @Test
    void aResponseBeyondItsOwnLifetimeIsAMiss() {
        ResponseCache<String> shortest =
                new ResponseCache<>(TestCacheSettings.defaults(), Duration.ofMillis(2500), traits, time(), () -> 0);
        ask(shortest, CacheDirective.NONE);
        complete("old");
        clock.turn(Duration.ofSeconds(627));

        UniAssertSubscriber<CacheResult<String>> caller = ask(shortest, CacheDirective.NONE);
        complete("new");

        assertEquals(Source.MISS, caller.getItem().source());
    }

    /** No date is too late: a token without an end has none. */
    @ParameterizedTest
    @ValueSource(longs = {4_000_000_000L, 100_000_000_000L, 31_556_889_864_403_199L})
    void aResponseOfATokenThatEndsFarInTheFutureIsServedAsLongAsAnyOther(long end) {
        ask(CacheDirective.NONE);
        loads.removeFirst()
                .complete(new LoadedResponse<>("response", Optional.empty(), Optional.of(Instant.ofEpochSecond(end))));
        clock.turn(Duration.ofSeconds(29));

        assertEquals("response", cache.fresh(KEY).orElseThrow().response());
    }

    private void aStaleResponse() {
        store("old");
        clock.turn(Duration.ofMinutes(2));
        calls = 0;
    }

    private void store(String response) {
        ask(CacheDirective.NONE);
        complete(response);
    }

    private ResponseCache<String> cache(CacheSettings settings) {
        return new ResponseCache<>(settings, Duration.ofMillis(2500), traits, time(), () -> 1);
    }

    private TimeSources time() {
        return new TimeSources(
                () -> {
                    if (readsUntil >= 0 && readsUntil-- == 0) {
                        meanwhile.run();
                    }
                    return clock.read();
                },
                clock,
                clock.timer());
    }

    /** @param moment while the caller is served: after so many reads of the time, or else after it */
    private UniAssertSubscriber<CacheResult<String>> askWhile(int moment, Runnable happens) {
        readsUntil = moment;
        meanwhile = happens;
        UniAssertSubscriber<CacheResult<String>> caller = ask(CacheDirective.NONE);
        if (readsUntil >= 0) {
            readsUntil = -1;
            meanwhile.run();
        }
        return caller;
    }

    private UniAssertSubscriber<CacheResult<String>> ask(CacheDirective directive) {
        return ask(cache, directive);
    }

    private UniAssertSubscriber<CacheResult<String>> ask(ResponseCache<String> cache, CacheDirective directive) {
        return cache.get(KEY, directive, () -> Uni.createFrom().emitter(load -> {
                    calls++;
                    loads.add(load);
                }))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
    }

    private void complete(String response) {
        loads.removeFirst().complete(fetched(response));
    }

    private void fail(LoadOutcome outcome) {
        loads.removeFirst().fail(new LoadFailure(outcome));
    }

    private static LoadedResponse<String> fetched(String response) {
        return new LoadedResponse<>(response, Optional.of("alice"), Optional.empty());
    }
}
