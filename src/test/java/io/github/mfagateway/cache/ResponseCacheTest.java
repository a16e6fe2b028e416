package io.github.mfagateway.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mfagateway.cache.CacheResult.Source;
import io.github.mfagateway.config.CacheSettings;
import io.github.mfagateway.support.StoppedClock;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;

class ResponseCacheTest {

    private static final CacheKey KEY = CacheKey.of("token");
    private static final CacheKey OTHER_KEY = CacheKey.of("other token");

    private static final Duration DEADLINE = Duration.ofMillis(2500);

    private final StoppedClock clock = new StoppedClock();
    private final TestTraits<String> traits =
            new TestTraits<>(failure -> failure instanceof LoadFailure load ? load.outcome : LoadOutcome.FAILED);
    private final ResponseCache<String> cache = cache(TestCacheSettings.defaults());

    /** Loads under way, in the order they began. */
    private final Deque<UniEmitter<? super LoadedResponse<String>>> loads = new ArrayDeque<>();

    private int calls;

    @Test
    void concurrentMissesOfOneKeyMakeOneLoad() {
        List<UniAssertSubscriber<CacheResult<String>>> callers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            callers.add(ask(KEY));
        }

        land("response");

        callers.forEach(caller ->
                assertEquals("response", caller.assertCompleted().getItem().response()));
        assertEquals(Source.MISS, callers.get(0).getItem().source());
        assertEquals(Source.COLLAPSED, callers.get(199).getItem().source());
        assertEquals(1, calls);
    }

    @Test
    void hungUpCallersDoNotCancelTheOthers() {
        UniAssertSubscriber<CacheResult<String>> first = ask(KEY);
        UniAssertSubscriber<CacheResult<String>> second = ask(KEY);
        UniAssertSubscriber<CacheResult<String>> third = ask(KEY);
        first.cancel();
        third.cancel();

        land("response");

        assertEquals("response", second.assertCompleted().getItem().response());
        assertEquals("response", found(KEY).response());
        assertEquals(1, calls);
    }

    @Test
    void aFailedLoadFailsAllItsCallersAndIsNotKept() {
        UniAssertSubscriber<CacheResult<String>> first = ask(KEY);
        UniAssertSubscriber<CacheResult<String>> second = ask(KEY);

        fail(LoadOutcome.UNAVAILABLE);

        first.assertFailedWith(LoadFailure.class);
        second.assertFailedWith(LoadFailure.class);
        UniAssertSubscriber<CacheResult<String>> third = ask(KEY);
        land("response");
        third.assertCompleted();
        assertEquals(2, calls);
    }

    @Test
    void aLoadThatThrowsIsAFailedLoad() {
        Uni<CacheResult<String>> broken = cache.get(KEY, CacheDirective.NONE, () -> {
            throw new IllegalArgumentException("broken");
        });

        assertThrows(IllegalArgumentException.class, () -> broken.await().indefinitely());
        ask(KEY);
        assertEquals(1, calls);
    }

    @Test
    void aStaleResponseIsRevalidatedOnceInTheBackground() {
        store("old");
        clock.turn(Duration.ofSeconds(45));

        assertEquals(Source.REVALIDATING, found(KEY).source());
        assertEquals("old", found(KEY).response());
        assertEquals(2, calls);

        land("new");
        assertEquals("new", found(KEY).response());
        assertEquals(Source.FRESH, found(KEY).source());
    }

    @Test
    void aFailedBackgroundLoadFailsNoCallerAndIsNotRepeated() {
        store("old");
        clock.turn(Duration.ofSeconds(45));
        found(KEY);
        fail(LoadOutcome.UNAVAILABLE);

        assertEquals("old", found(KEY).response());
        assertEquals(2, calls);
    }

    @Test
    void aRejectedBackgroundLoadEndsTheCachedResponse() {
        store("old");
        clock.turn(Duration.ofSeconds(45));
        found(KEY);
        fail(LoadOutcome.REJECTED);

        ask(KEY).assertFailedWith(LoadFailure.class);
        assertEquals(2, calls);
    }

    @Test
    void aStaleResponseIsNotServedAfterARejectionMeanwhile() {
        store("old");
        clock.turn(Duration.ofMinutes(2));
        UniAssertSubscriber<CacheResult<String>> waiting = ask(KEY);
        UniAssertSubscriber<CacheResult<String>> anew = ask(KEY, CacheDirective.NO_CACHE);
        UniEmitter<? super LoadedResponse<String>> slow = loads.removeFirst();
        fail(LoadOutcome.REJECTED);
        anew.assertFailedWith(LoadFailure.class);

        slow.fail(new LoadFailure(LoadOutcome.UNAVAILABLE));

        waiting.assertFailedWith(LoadFailure.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"REJECTED", "FORBIDDEN"})
    void aLoadFromBeforeARejectionIsNotStoredAfterIt(LoadOutcome refused) {
        UniAssertSubscriber<CacheResult<String>> early = ask(KEY);
        UniEmitter<? super LoadedResponse<String>> slow = loads.removeFirst();
        ask(KEY, CacheDirective.NO_CACHE);
        fail(refused);

        slow.complete(fetch("from before"));

        assertFalse(early.assertCompleted().getItem().stored());
        assertTrue(cache.fresh(KEY).isEmpty());
    }

    @Test
    void aLoadFromBeforeAKeysInvalidationIsNotStoredAfterIt() {
        ask(KEY);

        cache.reject(KEY, cache.nextOrder());
        land("from before");

        assertTrue(cache.fresh(KEY).isEmpty());
        store("from after");
        assertEquals("from after", found(KEY).response());
        assertEquals(2, calls);
    }

    @Test
    void anOvertakenRejectionStaysRejected() {
        ask(KEY);
        UniEmitter<? super LoadedResponse<String>> slow = loads.removeFirst();
        ask(KEY, CacheDirective.NO_CACHE);
        fail(LoadOutcome.REJECTED);
        slow.complete(fetch("from before"));

        ask(KEY).assertFailedWith(LoadFailure.class);
        assertEquals(2, calls);
    }

    @Test
    void aRejectedKeyIsLoadedOncePerTtl() {
        ask(KEY);
        fail(LoadOutcome.REJECTED);
        for (int i = 0; i < 10; i++) {
            ask(KEY).assertFailedWith(LoadFailure.class);
        }
        assertEquals(1, calls);

        clock.turn(Duration.ofSeconds(5));
        ask(KEY);
        assertEquals(2, calls);
    }

    @Test
    void rejectionsDoNotEvictResponses() {
        ResponseCache<String> small = cache(
                TestCacheSettings.of(Duration.ofSeconds(30), Duration.ZERO, Duration.ZERO, 2 * CacheStore.ENTRY_BYTES));
        small.get(KEY, CacheDirective.NONE, () -> fetched("a")).await().indefinitely();
        small.get(OTHER_KEY, CacheDirective.NONE, () -> fetched("b")).await().indefinitely();
        for (int i = 0; i < 1000; i++) {
            CacheKey refused = CacheKey.of("refused " + i);
            assertThrows(LoadFailure.class, () -> small.get(refused, CacheDirective.NONE, () -> Uni.createFrom()
                            .failure(new LoadFailure(LoadOutcome.REJECTED)))
                    .await()
                    .indefinitely());
        }

        assertEquals(2, small.size());
        assertEquals(
                Source.FRESH,
                small.get(KEY, CacheDirective.NONE, () -> fetched("c"))
                        .await()
                        .indefinitely()
                        .source());
    }

    @Test
    void theCacheStaysAtItsBoundWhateverIsRequested() {
        ResponseCache<String> small = cache(TestCacheSettings.of(
                Duration.ofSeconds(30), Duration.ZERO, Duration.ofMinutes(10), 100 * CacheStore.ENTRY_BYTES));
        for (int i = 0; i < 1000; i++) {
            small.get(CacheKey.of("token " + i), CacheDirective.NONE, () -> fetched("response"))
                    .await()
                    .indefinitely();

            assertEquals(Math.min(i + 1, 100), small.size());
        }
    }

    @Test
    void noCacheReportsTheFailureAndKeepsTheCachedResponse() {
        store("response");

        UniAssertSubscriber<CacheResult<String>> anew = ask(KEY, CacheDirective.NO_CACHE);
        fail(LoadOutcome.UNAVAILABLE);

        anew.assertFailedWith(LoadFailure.class);
        assertEquals("response", found(KEY).response());
    }

    @Test
    void noCacheDoesNotJoinAnEarlierLoad() {
        UniAssertSubscriber<CacheResult<String>> first = ask(KEY);
        UniAssertSubscriber<CacheResult<String>> anew = ask(KEY, CacheDirective.NO_CACHE);
        UniEmitter<? super LoadedResponse<String>> slow = loads.removeFirst();

        land("new");
        assertEquals("new", anew.getItem().response());
        assertEquals(Source.BYPASS, anew.getItem().source());
        slow.complete(fetch("old"));

        assertEquals("old", first.getItem().response());
        assertFalse(first.getItem().stored());
        assertEquals("new", found(KEY).response());
    }

    @Test
    void onlyIfCachedNeverCalls() {
        ask(KEY, CacheDirective.ONLY_IF_CACHED).assertFailedWith(NotCachedException.class);
        assertEquals(0, calls);

        store("response");
        clock.turn(Duration.ofSeconds(45));
        assertEquals(
                "response", ask(KEY, CacheDirective.ONLY_IF_CACHED).getItem().response());
        assertEquals(1, calls);
    }

    @Test
    void invalidatingASubjectEndsAllItsResponsesAndNoOthers() {
        store(KEY, new LoadedResponse<>("a", Optional.of("alice"), Optional.empty()));
        store(OTHER_KEY, new LoadedResponse<>("b", Optional.of("alice"), Optional.empty()));
        CacheKey bobs = CacheKey.of("bob's token");
        store(bobs, new LoadedResponse<>("c", Optional.of("bob"), Optional.empty()));

        cache.invalidate(CacheKey.of("another token"), Optional.of("alice"));

        assertEquals("c", found(bobs).response());
        assertEquals(3, calls);
        ask(KEY);
        ask(OTHER_KEY);
        assertEquals(5, calls);
    }

    @Test
    void invalidatingAKeyEndsTheResponseOfAnOpaqueToken() {
        store("response");

        cache.invalidate(KEY, Optional.empty());

        ask(KEY).assertNotTerminated();
        assertEquals(2, calls);
    }

    @Test
    void whatWasFetchedBeforeAnEvictionButArrivesAfterItIsNotStored() {
        UniAssertSubscriber<CacheResult<String>> early = ask(KEY);
        cache.invalidate(CacheKey.of("another token"), Optional.of("alice"));
        UniAssertSubscriber<CacheResult<String>> late = ask(KEY);
        assertEquals(2, calls, "who asks after the eviction must not wait for a load from before it");

        loads.removeFirst().complete(new LoadedResponse<>("before", Optional.of("alice"), Optional.empty()));
        assertEquals("before", early.getItem().response());
        assertFalse(early.getItem().stored());

        land(new LoadedResponse<>("after", Optional.of("alice"), Optional.empty()));
        assertEquals("after", late.getItem().response());
        assertEquals("after", found(KEY).response());
    }

    @Test
    void afterAllHaveExpiredNoneIsServedWithoutALoadButAllStandIn() {
        store("old");
        cache.expireAll();
        assertTrue(cache.fresh(KEY).isEmpty());

        UniAssertSubscriber<CacheResult<String>> down = ask(KEY);
        assertEquals(2, calls);
        fail(LoadOutcome.UNAVAILABLE);
        assertEquals("old", down.getItem().response());
        assertEquals(Source.STALE, down.getItem().source());

        clock.turn(Duration.ofSeconds(5));
        UniAssertSubscriber<CacheResult<String>> up = ask(KEY);
        land("new");
        assertEquals("new", up.getItem().response());
        assertEquals(Source.FRESH, found(KEY).source());
    }

    @Test
    void aLoadFromBeforeAllExpiredIsNotJoinedAndWhatItFetchesIsLoadedAgain() {
        UniAssertSubscriber<CacheResult<String>> early = ask(KEY);
        cache.expireAll();
        UniAssertSubscriber<CacheResult<String>> late = ask(KEY);
        assertEquals(2, calls);

        land("before");
        assertEquals("before", early.getItem().response());
        land("after");
        assertEquals("after", late.getItem().response());
        assertEquals("after", found(KEY).response());
    }

    @Test
    void anInvalidationOfAnotherUserLetsALateResponseBeStored() {
        ask(KEY);
        cache.invalidate(CacheKey.of("another token"), Optional.of("bob"));

        land(new LoadedResponse<>("response", Optional.of("alice"), Optional.empty()));

        assertEquals(Source.FRESH, found(KEY).source());
    }

    @Test
    void aCachedResponseEndsWithItsToken() {
        store(
                KEY,
                new LoadedResponse<>(
                        "response",
                        Optional.empty(),
                        Optional.of(clock.instant().plusSeconds(10))));
        clock.turn(Duration.ofSeconds(9));
        assertTrue(found(KEY).timeToLive().compareTo(Duration.ofSeconds(1)) <= 0);

        clock.turn(Duration.ofSeconds(1));
        UniAssertSubscriber<CacheResult<String>> after = ask(KEY);
        fail(LoadOutcome.UNAVAILABLE);
        after.assertFailedWith(LoadFailure.class);

        UniAssertSubscriber<CacheResult<String>> later = ask(KEY);
        land("another");
        assertEquals(Source.MISS, later.getItem().source());
    }

    /** Caffeine leaves an entry that is rewritten within a second as old as it was. */
    @Test
    void aResponseThatWasReplacedAtOnceStandsInAsLongAsAnyOther() {
        ResponseCache<String> never =
                cache(TestCacheSettings.of(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(10), 1 << 20));
        for (String response : List.of("first", "second")) {
            clock.turn(Duration.ofMillis(900));
            never.get(KEY, CacheDirective.NONE, () -> Uni.createFrom().item(fetch(response)))
                    .await()
                    .indefinitely();
        }
        clock.turn(Duration.ofMillis(9_999));

        CacheResult<String> found = never.get(KEY, CacheDirective.NONE, () -> Uni.createFrom()
                        .failure(new LoadFailure(LoadOutcome.UNAVAILABLE)))
                .await()
                .indefinitely();
        assertEquals("second", found.response());
        assertEquals(Source.STALE, found.source());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -10_000_000_000L})
    void aResponseToAnExpiredTokenIsNotStored(long exp) {
        UniAssertSubscriber<CacheResult<String>> caller = ask(KEY);
        land(new LoadedResponse<>("response", Optional.empty(), Optional.of(Instant.ofEpochSecond(exp))));

        assertFalse(caller.getItem().stored());
        assertEquals(0, cache.size());
    }

    private ResponseCache<String> cache(CacheSettings settings) {
        return new ResponseCache<>(settings, DEADLINE, traits, new TimeSources(clock, clock, clock.timer()), () -> 0.5);
    }

    private UniAssertSubscriber<CacheResult<String>> ask(CacheKey key) {
        return ask(key, CacheDirective.NONE);
    }

    private UniAssertSubscriber<CacheResult<String>> ask(CacheKey key, CacheDirective directive) {
        return cache.get(key, directive, () -> Uni.createFrom().emitter(load -> {
                    calls++;
                    loads.add(load);
                }))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
    }

    private CacheResult<String> found(CacheKey key) {
        return ask(key).assertCompleted().getItem();
    }

    private void store(String response) {
        store(KEY, fetch(response));
    }

    private void store(CacheKey key, LoadedResponse<String> fetched) {
        ask(key);
        land(fetched);
    }

    private void land(String response) {
        land(fetch(response));
    }

    private void land(LoadedResponse<String> fetched) {
        loads.removeFirst().complete(fetched);
    }

    private void fail(LoadOutcome outcome) {
        loads.removeFirst().fail(new LoadFailure(outcome));
    }

    private static LoadedResponse<String> fetch(String response) {
        return new LoadedResponse<>(response, Optional.empty(), Optional.empty());
    }

    private static Uni<LoadedResponse<String>> fetched(String response) {
        return Uni.createFrom().item(fetch(response));
    }

    static final class LoadFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        final LoadOutcome outcome;

        LoadFailure(LoadOutcome outcome) {
            this.outcome = outcome;
        }
    }
}
