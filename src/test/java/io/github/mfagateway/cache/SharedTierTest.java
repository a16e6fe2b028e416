package io.github.mfagateway.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.mfagateway.cache.CacheResult.Source;
import io.github.mfagateway.cache.ResponseCacheTest.LoadFailure;
import io.github.mfagateway.support.StoppedClock;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;

/** What a load does with a copy that another replica fetched, and what it leaves for others. */
class SharedTierTest {

    private static final CacheKey KEY = CacheKey.of("token");

    private final StoppedClock clock = new StoppedClock();
    private final TestTraits<String> traits = new TestTraits<>(failure -> ((LoadFailure) failure).outcome);
    private final ResponseCache<String> cache = new ResponseCache<>(
            TestCacheSettings.defaults(),
            Duration.ofMillis(2500),
            traits,
            new TimeSources(clock, clock, clock.timer()),
            () -> 0.5);
    private final List<String> stored = new ArrayList<>();

    private Optional<SharedCacheEntry.Copy<String>> copy = Optional.empty();
    private Optional<Instant> expires = Optional.empty();
    private LoadOutcome outcome = LoadOutcome.SUCCESS;
    private int looks;
    private int calls;
    private int removals;

    @ParameterizedTest
    @CsvSource({
        "0,   SHARED, copy,    0",
        "29,  SHARED, copy,    0",
        // older ones are revalidated in the background
        "30,  SHARED, copy,    1",
        "59,  SHARED, copy,    1",
        "60,  MISS,   call 1,  1",
        "700, MISS,   call 1,  1",
    })
    void aCopyIsServedAsLongAsTheCacheWouldServeIt(long age, Source source, String response, int calls) {
        copy(age);

        CacheResult<String> found = get(CacheDirective.NONE).assertCompleted().getItem();

        assertEquals(source, found.source());
        assertEquals(response, found.response());
        assertEquals(calls, this.calls);
        assertEquals(Duration.ofSeconds(source == Source.SHARED ? age : 0), found.age());
    }

    @Test
    void aCopyIsCachedAsOldAsItIs() {
        copy(20);
        get(CacheDirective.NONE);
        clock.turn(Duration.ofSeconds(9));
        assertEquals(Duration.ofSeconds(29), cache.fresh(KEY).orElseThrow().age());

        clock.turn(Duration.ofSeconds(1));
        assertTrue(cache.fresh(KEY).isEmpty());
        assertEquals(1, looks);
    }

    @Test
    void aCopyThatIsTooOldToBeServedStandsInForAFailure() {
        copy(120);
        outcome = LoadOutcome.UNAVAILABLE;

        CacheResult<String> found = get(CacheDirective.NONE).assertCompleted().getItem();

        assertEquals("copy", found.response());
        assertEquals(Source.STALE, found.source());
        assertEquals(1, calls);
    }

    @Test
    void aCallerWithoutALocalResponseWaitsForTheSoftTimeoutIfTheCopyIsUsable() {
        copy(120);
        UniAssertSubscriber<CacheResult<String>> caller = cache.get(KEY, CacheDirective.NONE, new Hanging())
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
        clock.turn(Duration.ofMillis(299));
        caller.assertNotTerminated();

        clock.turn(Duration.ofMillis(1));

        assertEquals(Source.STALE, caller.assertCompleted().getItem().source());
        assertEquals("copy", caller.getItem().response());
    }

    @Test
    void aCopyIsNotServedAfterTheRejectionOfACallThatBeganBeforeItWasTaken() {
        long order = cache.nextOrder();
        copy(20);
        assertEquals(Source.SHARED, get(CacheDirective.NONE).getItem().source());

        cache.reject(KEY, order);

        assertTrue(cache.fresh(KEY).isEmpty());
        copy = Optional.empty();
        outcome = LoadOutcome.UNAVAILABLE;
        get(CacheDirective.NONE).assertFailedWith(LoadFailure.class);
    }

    @Test
    void anOlderCopyDoesNotReplaceTheResponseOfALoadThatBeganBefore() {
        Hanging first = new Hanging();
        UniAssertSubscriber<CacheResult<String>> caller =
                cache.get(KEY, CacheDirective.NONE, first).subscribe().withSubscriber(UniAssertSubscriber.create());
        // a new load joins none from before
        cache.invalidate("bob");
        copy(29);
        assertEquals("copy", get(CacheDirective.NONE).getItem().response());

        first.emitter.complete(fetched("new"));

        assertEquals("new", caller.assertCompleted().getItem().response());
        assertEquals("new", cache.fresh(KEY).orElseThrow().response());
    }

    @Test
    void noCacheTakesNoCopyButIsStored() {
        copy(0);

        assertEquals("call 1", get(CacheDirective.NO_CACHE).getItem().response());
        assertEquals(1, looks);
        assertEquals(List.of("call 1 for 630 s"), stored);
    }

    @Test
    void revalidationTakesAFreshCopyAndNoOther() {
        get(CacheDirective.NONE);
        clock.turn(Duration.ofSeconds(45));
        copy(40);
        get(CacheDirective.NONE);
        assertEquals(2, calls);

        clock.turn(Duration.ofSeconds(45));
        copy(10);
        get(CacheDirective.NONE);
        assertEquals(2, calls);
        assertEquals("copy", cache.fresh(KEY).orElseThrow().response());
        assertEquals(List.of(LoadOutcome.SUCCESS, LoadOutcome.SUCCESS), traits.revalidated);
    }

    /** It looks some milliseconds older or younger each time it is read. */
    @Test
    void theSameResponseAgainIsNoBetterOne() {
        get(CacheDirective.NONE);
        clock.turn(Duration.ofSeconds(120));
        copy = Optional.of(new SharedCacheEntry.Copy<>(fetched("same"), Duration.ofMillis(119_600), 1));
        outcome = LoadOutcome.UNAVAILABLE;
        assertEquals("call 1", get(CacheDirective.NONE).getItem().response());

        clock.turn(Duration.ofSeconds(5));
        copy = Optional.of(new SharedCacheEntry.Copy<>(fetched("younger"), Duration.ofSeconds(110), 1));
        assertEquals("younger", get(CacheDirective.NONE).getItem().response());
    }

    @Test
    void afterAllHaveExpiredACopyIsTakenThough() {
        get(CacheDirective.NONE);
        cache.expireAll();
        copy(0);

        assertEquals("copy", get(CacheDirective.NONE).getItem().response());
        assertEquals(1, calls);
    }

    @Test
    void aCopyOfAnInvalidatedUserIsTakenThough() {
        get(CacheDirective.NONE);
        cache.invalidate("alice");
        copy(0);

        assertEquals("copy", get(CacheDirective.NONE).getItem().response());
    }

    @Test
    void aCopyEndsTwoSecondsBeforeItsToken() {
        expires = Optional.of(Instant.ofEpochSecond(clock.instant().getEpochSecond() + 20));
        copy(0);
        get(CacheDirective.NONE);
        clock.turn(Duration.ofSeconds(17));
        assertTrue(cache.fresh(KEY).isPresent());

        clock.step(Duration.ofSeconds(1));
        assertTrue(cache.fresh(KEY).isEmpty());
    }

    @Test
    void aRejectedKeyIsRemovedAndAnUnavailableOneIsNot() {
        outcome = LoadOutcome.UNAVAILABLE;
        get(CacheDirective.NONE).assertFailedWith(LoadFailure.class);
        assertEquals(0, removals);

        outcome = LoadOutcome.REJECTED;
        get(CacheDirective.NONE).assertFailedWith(LoadFailure.class);
        assertEquals(1, removals);
    }

    @Test
    void aResponseOfAnInvalidatedUserIsNotShared() {
        cache.get(KEY, CacheDirective.NONE, new Shared() {
                    @Override
                    public Uni<LoadedResponse<String>> call() {
                        cache.invalidate("alice");
                        return super.call();
                    }
                })
                .await()
                .indefinitely();

        assertEquals(List.of(), stored);
        assertTrue(cache.fresh(KEY).isEmpty());
    }

    @Test
    void aResponseOfAnInvalidatedKeyIsNeitherSharedNorCached() {
        cache.get(KEY, CacheDirective.NONE, new Shared() {
                    @Override
                    public Uni<LoadedResponse<String>> call() {
                        // whose the token is has not been proven yet
                        cache.invalidate(KEY);
                        return super.call();
                    }
                })
                .await()
                .indefinitely();

        assertEquals(List.of(), stored);
        assertTrue(cache.fresh(KEY).isEmpty());
    }

    @Test
    void theOwnerOfACachedResponseIsNamed() {
        assertEquals(Optional.empty(), cache.invalidate(KEY, Optional.empty()));
        get(CacheDirective.NONE);

        assertEquals(Optional.of("alice"), cache.invalidate(KEY, Optional.empty()));
    }

    @Test
    void anInvalidationOfTheOwnerEndsTheOwnersOtherResponses() {
        CacheKey other = CacheKey.of("other token");
        cache.get(other, CacheDirective.NONE, new Shared()).await().indefinitely();
        get(CacheDirective.NONE);

        cache.invalidate(KEY, Optional.empty());

        assertTrue(cache.fresh(other).isEmpty());
    }

    @Test
    void weightIsCountedAndLoadsAreReported() {
        assertEquals(0, cache.bytes());
        get(CacheDirective.NONE);
        assertEquals(CacheStore.ENTRY_BYTES, cache.bytes());
        assertEquals(1, cache.size());

        cache.get(CacheKey.of("hanging"), CacheDirective.NONE, () -> Uni.createFrom()
                        .nothing())
                .subscribe()
                .with(never -> {});
        assertEquals(1, cache.loading());
    }

    @Test
    void nothingIsSharedByDefault() {
        SharedCache none = SharedCache.none();
        SharedCacheEntry<String> entry = none.<String>lookup(KEY, "token", Optional.empty(), null)
                .await()
                .indefinitely();
        assertFalse(entry.copy().isPresent());
    }

    private UniAssertSubscriber<CacheResult<String>> get(CacheDirective directive) {
        return cache.get(KEY, directive, new Shared()).subscribe().withSubscriber(UniAssertSubscriber.create());
    }

    private void copy(long age) {
        copy = Optional.of(new SharedCacheEntry.Copy<>(fetched("copy"), Duration.ofSeconds(age), 1));
    }

    private LoadedResponse<String> fetched(String response) {
        return new LoadedResponse<>(response, Optional.of("alice"), expires);
    }

    private final class Hanging extends Shared {

        private UniEmitter<? super LoadedResponse<String>> emitter;

        @Override
        public Uni<LoadedResponse<String>> call() {
            return Uni.createFrom().emitter(response -> emitter = response);
        }
    }

    private class Shared implements ResponseOrigin<String> {

        @Override
        public Uni<LoadedResponse<String>> call() {
            calls++;
            return outcome == LoadOutcome.SUCCESS
                    ? Uni.createFrom().item(fetched("call " + calls))
                    : Uni.createFrom().failure(new LoadFailure(outcome));
        }

        @Override
        public Uni<SharedCacheEntry<String>> lookup() {
            looks++;
            return Uni.createFrom().item(new SharedCacheEntry<>() {
                @Override
                public Optional<Copy<String>> copy() {
                    return copy;
                }

                @Override
                public void store(LoadedResponse<String> fetched, double jitter, Duration life) {
                    stored.add(fetched.response() + " for " + life.toSeconds() + " s");
                }

                @Override
                public void remove() {
                    removals++;
                }
            });
        }
    }
}
