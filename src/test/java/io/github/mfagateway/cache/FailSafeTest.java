package io.github.mfagateway.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mfagateway.cache.CacheResult.Source;
import io.github.mfagateway.cache.ResponseCacheTest.LoadFailure;
import io.github.mfagateway.support.StoppedClock;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;

/** Soft timeout and fail-safe throttle: what a caller with a stale response waits for, and how often its key is loaded. */
class FailSafeTest {

    private static final CacheKey KEY = CacheKey.of("token");
    private static final Duration SOFT = Duration.ofMillis(300);
    private static final Duration DEADLINE = Duration.ofMillis(2500);

    private final StoppedClock clock = new StoppedClock();
    private final TestTraits<String> traits = new TestTraits<>(failure -> ((LoadFailure) failure).outcome);

    /** From 0 to 1. */
    private double random = 1;

    private final ResponseCache<String> cache = new ResponseCache<>(
            TestCacheSettings.defaults(), DEADLINE, traits, new TimeSources(clock, clock, clock.timer()), () -> random);
    private final Deque<UniEmitter<? super LoadedResponse<String>>> loads = new ArrayDeque<>();

    private int calls;

    @BeforeEach
    void aStaleResponse() {
        ask(CacheDirective.NONE);
        complete("old");
        clock.turn(Duration.ofMinutes(2));
        calls = 0;
    }

    @Test
    void aCallerWithAStaleResponseWaitsForTheSoftTimeoutOnly() {
        UniAssertSubscriber<CacheResult<String>> caller = ask(CacheDirective.NONE);
        clock.turn(SOFT.minusNanos(1));
        caller.assertNotTerminated();

        clock.turn(Duration.ofNanos(1));

        CacheResult<String> found = caller.assertCompleted().getItem();
        assertEquals("old", found.response());
        assertEquals(Source.STALE, found.source());
        assertEquals(Duration.ofMinutes(2).plus(SOFT), found.age());
        assertTrue(found.stored());
    }

    @Test
    void theSoftTimeoutBeginsWhenTheCallerBeginsToWait() {
        ask(CacheDirective.NONE);
        clock.turn(Duration.ofMillis(200));
        UniAssertSubscriber<CacheResult<String>> second = ask(CacheDirective.NONE);
        UniAssertSubscriber<CacheResult<String>> third = ask(CacheDirective.NONE);

        clock.turn(SOFT.minusNanos(1));
        second.assertNotTerminated();
        clock.turn(Duration.ofNanos(1));

        second.assertCompleted();
        third.assertCompleted();
        assertEquals(1, calls);
    }

    @Test
    void aResponseWithinTheSoftTimeoutIsTheNewOne() {
        UniAssertSubscriber<CacheResult<String>> caller = ask(CacheDirective.NONE);
        clock.turn(SOFT.minusNanos(1));

        complete("new");

        assertEquals("new", caller.assertCompleted().getItem().response());
        assertEquals(Source.EXPIRED, caller.getItem().source());
    }

    @Test
    void theLoadGoesOnWithoutItsCallersAndWhatItFetchesIsCached() {
        ask(CacheDirective.NONE).cancel();
        ask(CacheDirective.NONE);
        clock.turn(Duration.ofSeconds(2));

        complete("new");

        CacheResult<String> found = ask(CacheDirective.NONE).assertCompleted().getItem();
        assertEquals("new", found.response());
        assertEquals(Source.FRESH, found.source());
        assertEquals(1, calls);
    }

    @Test
    void aCallerAfterTheSoftTimeoutDoesNotWaitAndNoLoadStartsUntilTheThrottleEnds() {
        ask(CacheDirective.NONE);
        clock.turn(SOFT);

        for (int i = 0; i < 49; i++) {
            assertEquals(
                    Source.STALE,
                    ask(CacheDirective.NONE).assertCompleted().getItem().source());
            clock.turn(Duration.ofMillis(100));
        }
        assertEquals(1, calls);

        clock.turn(Duration.ofMillis(100));
        assertEquals(Source.STALE, ask(CacheDirective.NONE).getItem().source(), "the next load may be late, too");
        assertEquals(2, calls);
        complete(1, "new");
        assertEquals("new", ask(CacheDirective.NONE).getItem().response(), "recovery shows after 5 s");
    }

    @Test
    void aLateLoadThatGoesOnBeingLateIsNeverWaitedForAgain() {
        ask(CacheDirective.NONE);
        clock.turn(SOFT);
        for (int load = 2; load < 6; load++) {
            clock.turn(SOFT.plusSeconds(5));
            assertEquals(Source.STALE, ask(CacheDirective.NONE).getItem().source());
            assertEquals(load, calls);
        }
    }

    @Test
    void anUnavailableOriginCountsMoreThanAFailureThatIsNotIts() {
        revalidateInTheBackground();
        fail(LoadOutcome.FAILED);
        ask(CacheDirective.NO_CACHE);
        fail(LoadOutcome.UNAVAILABLE);

        assertEquals(Source.STALE, ask(CacheDirective.NONE).getItem().source());
    }

    @Test
    void failuresDoNotAddUp() {
        revalidateInTheBackground();
        fail(LoadOutcome.FAILED);
        clock.turn(Duration.ofSeconds(3));
        ask(CacheDirective.NO_CACHE);
        fail(LoadOutcome.FAILED);
        clock.turn(Duration.ofSeconds(2));

        ask(CacheDirective.NONE);
        assertEquals(3, calls);
    }

    @Test
    void anUnavailableOriginIsCalledAgainHoweverOftenItFails() {
        ask(CacheDirective.NONE);
        fail(LoadOutcome.UNAVAILABLE);
        clock.turn(Duration.ofSeconds(3));
        ask(CacheDirective.NO_CACHE);
        fail(LoadOutcome.UNAVAILABLE);
        clock.turn(Duration.ofSeconds(2));

        ask(CacheDirective.NONE).assertNotTerminated();
        assertEquals(3, calls);
    }

    /** Its entry is from a load that began later, and was not rejected. */
    @Test
    void aRejectedOlderLoadDoesNotFailCallersThatJoinedAfterANewerSuccess() {
        ask(CacheDirective.NO_CACHE);
        UniAssertSubscriber<CacheResult<String>> joined = ask(CacheDirective.NONE);
        UniEmitter<? super LoadedResponse<String>> older = loads.removeLast();
        ask(CacheDirective.NO_CACHE);
        complete("new");
        older.fail(new LoadFailure(LoadOutcome.REJECTED));

        assertEquals("new", joined.getItem().response());
    }

    @Test
    void aYoungResponseThatExpiredWithAllOthersStandsInAsStale() {
        ask(CacheDirective.NO_CACHE);
        complete("young");
        cache.expireAll();

        UniAssertSubscriber<CacheResult<String>> caller = ask(CacheDirective.NONE);
        clock.turn(SOFT);

        assertEquals(Source.STALE, caller.getItem().source());
    }

    @Test
    void noCallerWaitsAgainWhileTheOriginDoesNotRespondHoweverRarelyCallersCome() {
        ask(CacheDirective.NONE);
        clock.turn(SOFT);
        clock.turn(Duration.ofMinutes(2));

        assertEquals(Source.STALE, ask(CacheDirective.NONE).getItem().source());
        assertEquals(2, calls);
    }

    /** So that rare callers see the recovery, too. */
    @Test
    void aResponseOfTheOriginForAnyKeyLetsTheNextCallerWaitForALoad() {
        ask(CacheDirective.NONE);
        clock.turn(SOFT);
        clock.turn(Duration.ofSeconds(30));
        cache.get(CacheKey.of("another"), CacheDirective.NONE, () -> Uni.createFrom()
                        .item(new LoadedResponse<>("x", Optional.empty(), Optional.empty())))
                .await()
                .indefinitely();

        UniAssertSubscriber<CacheResult<String>> caller = ask(CacheDirective.NONE);
        caller.assertNotTerminated();
        loads.removeLast().complete(new LoadedResponse<>("new", Optional.empty(), Optional.empty()));
        assertEquals("new", caller.getItem().response());
    }

    /** It takes no time to see that the origin still fails, so the caller who sees recovery gets the new response. */
    @Test
    void aLoadAfterAFastFailureIsWaitedFor() {
        ask(CacheDirective.NONE);
        fail(LoadOutcome.UNAVAILABLE);
        clock.turn(Duration.ofSeconds(5));

        UniAssertSubscriber<CacheResult<String>> caller = ask(CacheDirective.NONE);
        complete("new");

        assertEquals("new", caller.getItem().response());
    }

    @Test
    void aFailureIsAsLateAsItTakes() {
        ask(CacheDirective.NONE).cancel();
        clock.turn(SOFT);
        fail(LoadOutcome.UNAVAILABLE);
        clock.turn(Duration.ofSeconds(5));

        ask(CacheDirective.NONE).assertCompleted();
        assertEquals(2, calls);
    }

    /** An open breaker says until when; the cache does not wait for longer after it. */
    @Test
    void aKeyWhoseOriginWasNotCalledIsThrottledNoLongerThanThat() {
        traits.notCalledFor = Optional.of(Duration.ofMillis(1200));
        ask(CacheDirective.NONE);
        fail(LoadOutcome.UNAVAILABLE);
        traits.notCalledFor = Optional.empty();

        clock.turn(Duration.ofMillis(1199));
        assertEquals(Source.STALE, ask(CacheDirective.NONE).getItem().source());
        assertEquals(1, calls);
        clock.turn(Duration.ofMillis(1));
        UniAssertSubscriber<CacheResult<String>> caller = ask(CacheDirective.NONE);
        complete("new");
        assertEquals("new", caller.getItem().response());
    }

    /** GenAuth may say with 429 for how long. */
    @Test
    void aKeyWhoseOriginWantsNoCallForLongIsNotLoadedBefore() {
        traits.notCalledFor = Optional.of(Duration.ofSeconds(60));
        ask(CacheDirective.NONE);
        fail(LoadOutcome.UNAVAILABLE);

        clock.turn(Duration.ofMillis(59_999));
        ask(CacheDirective.NONE).assertCompleted();
        assertEquals(1, calls);
        clock.turn(Duration.ofMillis(1));
        ask(CacheDirective.NONE);
        assertEquals(2, calls);
    }

    /** A 429 after the soft timeout, whose throttle runs already. */
    @Test
    void aLateRetryAfterIsKeptToo() {
        traits.notCalledFor = Optional.of(Duration.ofSeconds(60));
        ask(CacheDirective.NONE);
        clock.turn(SOFT.plusMillis(100));
        fail(LoadOutcome.UNAVAILABLE);

        clock.turn(Duration.ofMillis(59_999));
        ask(CacheDirective.NONE).assertCompleted();
        assertEquals(1, calls);
        clock.turn(Duration.ofMillis(1));
        ask(CacheDirective.NONE);
        assertEquals(2, calls);
    }

    @Test
    void ourOwnLimitIsNamedAsTheReason() {
        ask(CacheDirective.NONE);
        UniAssertSubscriber<CacheResult<String>> second = ask(CacheDirective.NONE);
        fail(LoadOutcome.OVERLOADED);

        assertEquals(Source.OVERLOADED, second.getItem().source());
        assertEquals(Source.OVERLOADED, ask(CacheDirective.NONE).getItem().source());
        assertEquals(1, calls);
    }

    @Test
    void aLoadIsNotRetriedWhileAStaleResponseStandsInAndIsRetriedOtherwise() {
        Retrying load = new Retrying();
        cache.get(KEY, CacheDirective.NONE, load).await().indefinitely();
        assertEquals(List.of("once"), load.calls);

        clock.turn(Duration.ofSeconds(45));
        cache.get(KEY, CacheDirective.NONE, load).await().indefinitely();
        assertEquals(List.of("once", "once"), load.calls, "in the background");

        cache.get(KEY, CacheDirective.NO_CACHE, load).await().indefinitely();
        clock.turn(Duration.ofMinutes(11));
        cache.get(KEY, CacheDirective.NONE, load).await().indefinitely();
        assertEquals(List.of("once", "once", "retried", "retried"), load.calls);
    }

    private static final class Retrying implements ResponseOrigin<String> {

        private final List<String> calls = new ArrayList<>();

        @Override
        public Uni<LoadedResponse<String>> call() {
            calls.add("retried");
            return fetched();
        }

        @Override
        public Uni<LoadedResponse<String>> callOnce() {
            calls.add("once");
            return fetched();
        }

        private static Uni<LoadedResponse<String>> fetched() {
            return Uni.createFrom().item(new LoadedResponse<>("response", Optional.empty(), Optional.empty()));
        }
    }

    @Test
    void aCallerAfterTheSoftTimeoutOfABackgroundLoadDoesNotWaitEither() {
        ask(CacheDirective.NONE).cancel();
        clock.turn(SOFT);

        assertEquals(
                Source.STALE,
                ask(CacheDirective.NONE).assertCompleted().getItem().source());
        assertEquals(1, calls);
    }

    @Test
    void aFailedLoadIsServedStaleAtOnceAndThrottles() {
        UniAssertSubscriber<CacheResult<String>> first = ask(CacheDirective.NONE);
        fail(LoadOutcome.UNAVAILABLE);
        assertEquals(Source.STALE, first.assertCompleted().getItem().source());

        clock.turn(Duration.ofMillis(4999));
        assertEquals(
                Source.STALE,
                ask(CacheDirective.NONE).assertCompleted().getItem().source());
        assertEquals(1, calls);

        clock.turn(Duration.ofMillis(1));
        ask(CacheDirective.NONE).assertNotTerminated();
        assertEquals(2, calls);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 1})
    void theThrottleIsJittered(double drawn) {
        random = drawn;
        ask(CacheDirective.NONE);
        fail(LoadOutcome.UNAVAILABLE);

        clock.turn(Duration.ofMillis(4499 + (long) (500 * drawn)));
        ask(CacheDirective.NONE).assertCompleted();
        assertEquals(1, calls);
        clock.turn(Duration.ofMillis(2));
        ask(CacheDirective.NONE);
        assertEquals(2, calls);
    }

    @Test
    void aSlowFailureThrottlesNoLongerThanItsSoftTimeoutDid() {
        ask(CacheDirective.NONE);
        clock.turn(SOFT);
        clock.turn(Duration.ofSeconds(2));
        fail(LoadOutcome.UNAVAILABLE);

        clock.turn(Duration.ofSeconds(3));
        ask(CacheDirective.NONE);
        assertEquals(2, calls);
    }

    @Test
    void aSlowFailureInTheBackgroundCountsFromTheSoftTimeout() {
        revalidateInTheBackground();
        clock.turn(Duration.ofSeconds(2));
        fail(LoadOutcome.UNAVAILABLE);

        clock.turn(Duration.ofMillis(3299));
        assertEquals(Source.STALE, ask(CacheDirective.NONE).getItem().source());
        assertEquals(1, calls);
        clock.turn(Duration.ofMillis(1));
        ask(CacheDirective.NONE);
        assertEquals(2, calls);
    }

    @Test
    void aSuccessClearsTheThrottle() {
        ask(CacheDirective.NONE);
        fail(LoadOutcome.UNAVAILABLE);
        ask(CacheDirective.NO_CACHE);
        complete("new");
        clock.turn(Duration.ofMinutes(2));

        ask(CacheDirective.NONE).assertNotTerminated();
        assertEquals(3, calls);
    }

    @Test
    void aFailureOfAnOlderLoadDoesNotThrottleANewerSuccess() {
        ask(CacheDirective.NONE);
        ask(CacheDirective.NO_CACHE);
        complete(1, "new");
        clock.turn(Duration.ofSeconds(33));
        fail(LoadOutcome.UNAVAILABLE);

        assertEquals(Source.REVALIDATING, ask(CacheDirective.NONE).getItem().source());
        assertEquals(3, calls);
    }

    @Test
    void aCallerWithoutAStaleResponseWaitsForTheDeadline() {
        clock.turn(Duration.ofMinutes(10));
        UniAssertSubscriber<CacheResult<String>> caller = ask(CacheDirective.NONE);

        clock.turn(DEADLINE.minusNanos(1));
        caller.assertNotTerminated();
        clock.turn(Duration.ofNanos(1));

        assertFalse(caller.getFailure() == null);
    }

    @Test
    void noCacheWaitsAndReportsTheFailureThrottledOrNot() {
        ask(CacheDirective.NONE);
        fail(LoadOutcome.UNAVAILABLE);
        UniAssertSubscriber<CacheResult<String>> anew = ask(CacheDirective.NO_CACHE);
        assertEquals(2, calls);
        clock.turn(SOFT);
        anew.assertNotTerminated();

        fail(LoadOutcome.UNAVAILABLE);

        anew.assertFailedWith(LoadFailure.class);
    }

    @Test
    void onlyIfCachedIsServedNothingPastRevalidateThrottledOrNot() {
        ask(CacheDirective.NONE);
        fail(LoadOutcome.UNAVAILABLE);

        ask(CacheDirective.ONLY_IF_CACHED).assertFailedWith(NotCachedException.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"REJECTED", "FORBIDDEN"})
    void aRejectionInTheBackgroundEndsTheStaleResponseAtOnce(LoadOutcome rejected) {
        ask(CacheDirective.NONE);
        clock.turn(SOFT);

        fail(rejected);

        UniAssertSubscriber<CacheResult<String>> next = ask(CacheDirective.NONE);
        if (rejected == LoadOutcome.REJECTED) {
            next.assertFailedWith(LoadFailure.class);
        } else {
            next.assertNotTerminated();
            assertEquals(2, calls);
        }
    }

    @Test
    void aResponseThatIsInvalidatedWhileItsCallerWaitsIsNotServed() {
        UniAssertSubscriber<CacheResult<String>> caller = ask(CacheDirective.NONE);
        cache.invalidate(KEY, Optional.empty());
        clock.turn(SOFT);
        caller.assertNotTerminated();

        complete("late");
        assertEquals("late", caller.assertCompleted().getItem().response());
    }

    @Test
    void aResponseThatEndsWhileItsCallerWaitsIsNotServed() {
        clock.turn(Duration.ofSeconds(33 + 600 - 120).minusMillis(100));
        UniAssertSubscriber<CacheResult<String>> caller = ask(CacheDirective.NONE);
        clock.turn(SOFT);
        caller.assertNotTerminated();
    }

    @Test
    void aFailureForWhichAStaleResponseIsNoSubstituteIsReportedAndDoesNotRepeatInTheBackground() {
        ask(CacheDirective.NONE);
        UniAssertSubscriber<CacheResult<String>> second = ask(CacheDirective.NONE);
        fail(LoadOutcome.FAILED);
        second.assertFailedWith(LoadFailure.class);
        ask(CacheDirective.NONE);
        assertEquals(2, calls);
        complete("new");

        clock.turn(Duration.ofSeconds(45));
        assertEquals(Source.REVALIDATING, ask(CacheDirective.NONE).getItem().source());
        fail(LoadOutcome.FAILED);
        assertEquals(Source.REVALIDATING, ask(CacheDirective.NONE).getItem().source());
        assertEquals(3, calls);
        assertEquals(List.of(LoadOutcome.FAILED), traits.revalidated);
    }

    @Test
    void anOlderRejectionDoesNotHideANewerSuccess() {
        ask(CacheDirective.NONE);
        ask(CacheDirective.NO_CACHE);
        complete(1, "new");

        fail(LoadOutcome.REJECTED);

        assertEquals("new", ask(CacheDirective.NONE).getItem().response());
        clock.turn(Duration.ofMinutes(2));
        UniAssertSubscriber<CacheResult<String>> later = ask(CacheDirective.NONE);
        complete("newest");
        assertEquals("newest", later.assertCompleted().getItem().response());
    }

    @Test
    void anOlderRejectionDoesNotHideANewerSuccessThatWasInvalidatedSince() {
        ask(CacheDirective.NONE);
        ask(CacheDirective.NO_CACHE);
        complete(1, "new");
        cache.invalidate(KEY, Optional.empty());
        assertTrue(cache.fresh(KEY).isEmpty());

        fail(LoadOutcome.REJECTED);

        ask(CacheDirective.NONE).assertNotTerminated();
        assertEquals(3, calls);
    }

    @Test
    void aRejectionByAnotherCallThatBeganEarlierDoesNotEndANewerSuccess() {
        long mark = cache.nextOrder();
        ask(CacheDirective.NONE);
        complete("new");

        cache.reject(KEY, mark);
        assertEquals("new", ask(CacheDirective.NONE).getItem().response());

        cache.reject(KEY, cache.nextOrder());
        assertTrue(cache.fresh(KEY).isEmpty());
    }

    /** A suspended machine's monotonic clock stands still; the wall clock does not. */
    @Test
    void nothingIsServedAfterTheTokensEndByTheWallClock() {
        CacheKey key = CacheKey.of("short");
        Instant end = Instant.ofEpochSecond(clock.instant().getEpochSecond() + 20);
        cache.get(key, CacheDirective.NONE, () -> Uni.createFrom()
                        .item(new LoadedResponse<>("a", Optional.empty(), Optional.of(end))))
                .await()
                .indefinitely();
        clock.step(Duration.ofSeconds(19));
        assertEquals("a", cache.fresh(key).orElseThrow().response());

        clock.step(Duration.ofSeconds(1));

        assertTrue(cache.fresh(key).isEmpty());
        cache.get(key, CacheDirective.ONLY_IF_CACHED, () -> null)
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create())
                .assertFailedWith(NotCachedException.class);
    }

    /** Nor when the wall clock is set back. */
    @Test
    void aClockThatIsSetBackExtendsNothing() {
        CacheKey key = CacheKey.of("short");
        Instant end = clock.instant().plusSeconds(20);
        cache.get(key, CacheDirective.NONE, () -> Uni.createFrom()
                        .item(new LoadedResponse<>("a", Optional.empty(), Optional.of(end))))
                .await()
                .indefinitely();
        clock.step(Duration.ofHours(-1));
        clock.turn(Duration.ofSeconds(20));

        assertTrue(cache.fresh(key).isEmpty());
    }

    @Test
    void oneHangingKeyCostsOneCallInFiveSeconds() {
        List<Duration> waits = new ArrayList<>();
        for (int second = 0; second < 60; second++) {
            UniAssertSubscriber<CacheResult<String>> caller = ask(CacheDirective.NONE);
            boolean atOnce = caller.getItem() != null;
            clock.turn(SOFT);
            assertEquals(Source.STALE, caller.assertCompleted().getItem().source());
            waits.add(atOnce ? Duration.ZERO : SOFT);
            clock.turn(Duration.ofMillis(700));
        }

        assertTrue(calls <= 60 / 5, calls + " calls in a minute");
        assertEquals(1, waits.stream().filter(SOFT::equals).count(), "only the first caller waits");
    }

    private void revalidateInTheBackground() {
        ask(CacheDirective.NONE);
        complete("old");
        clock.turn(Duration.ofSeconds(45));
        calls = 0;
        assertEquals(Source.REVALIDATING, ask(CacheDirective.NONE).getItem().source());
    }

    private UniAssertSubscriber<CacheResult<String>> ask(CacheDirective directive) {
        return cache.get(KEY, directive, () -> Uni.createFrom().emitter(load -> {
                    calls++;
                    loads.add(load);
                }))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
    }

    private void complete(String response) {
        loads.removeFirst().complete(new LoadedResponse<>(response, Optional.of("alice"), Optional.empty()));
    }

    /** The load that began as this one among those under way, from 0. */
    private void complete(int index, String response) {
        UniEmitter<? super LoadedResponse<String>> load = List.copyOf(loads).get(index);
        loads.remove(load);
        load.complete(new LoadedResponse<>(response, Optional.of("alice"), Optional.empty()));
    }

    private void fail(LoadOutcome outcome) {
        loads.removeFirst().fail(new LoadFailure(outcome));
    }
}
