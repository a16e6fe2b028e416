package io.github.mfagateway.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import io.github.mfagateway.cache.CacheResult.Source;
import io.github.mfagateway.cache.ResponseCacheTest.LoadFailure;
import io.github.mfagateway.support.StoppedClock;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;

/** The source of a result, when its age and another caller's load both matter. */
class SourcesTest {

    private static final CacheKey KEY = CacheKey.of("token");

    private final StoppedClock clock = new StoppedClock();
    private final ResponseCache<String> cache = new ResponseCache<>(
            TestCacheSettings.defaults(),
            Duration.ofMillis(2500),
            new TestTraits<>(failure -> ((LoadFailure) failure).outcome),
            new TimeSources(clock, clock, clock.timer()),
            () -> 0.5);
    private final Deque<UniEmitter<? super LoadedResponse<String>>> loads = new ArrayDeque<>();

    @Test
    void aCollapsedCallersCacheStatusSaysWhatWasCached() {
        ask(CacheDirective.NONE);
        UniAssertSubscriber<CacheResult<String>> second = ask(CacheDirective.NONE);
        land("old");
        assertEquals(Source.COLLAPSED, second.getItem().source());

        clock.turn(Duration.ofMinutes(2));
        UniAssertSubscriber<CacheResult<String>> third = ask(CacheDirective.NONE);
        UniAssertSubscriber<CacheResult<String>> fourth = ask(CacheDirective.NONE);
        land("new");
        assertEquals(Source.EXPIRED, third.getItem().source());
        assertEquals(Source.COLLAPSED_EXPIRED, fourth.getItem().source());
    }

    @Test
    void onlyIfCachedDoesNotSayRevalidating() {
        store("old");
        assertEquals(Source.FRESH, ask(CacheDirective.ONLY_IF_CACHED).getItem().source());

        clock.turn(Duration.ofSeconds(45));
        assertEquals(
                Source.UNREFRESHED, ask(CacheDirective.ONLY_IF_CACHED).getItem().source());
        assertEquals(0, loads.size());
        assertEquals(Source.REVALIDATING, ask(CacheDirective.NONE).getItem().source());
        assertEquals(1, loads.size());
    }

    /** A no-cache load prevents another load for other callers, and so does its failure for a while. */
    @Test
    void aStaleResponseIsNotRevalidatedWhileALoadOfItIsUnderWayOrHasJustFailed() {
        store("old");
        clock.turn(Duration.ofSeconds(45));
        UniAssertSubscriber<CacheResult<String>> anew = ask(CacheDirective.NO_CACHE);
        assertEquals(Source.REVALIDATING, ask(CacheDirective.NONE).getItem().source());
        assertEquals(1, loads.size());
        loads.removeFirst().fail(new LoadFailure(LoadOutcome.UNAVAILABLE));
        anew.assertFailedWith(LoadFailure.class);

        assertEquals(Source.STALE, ask(CacheDirective.NONE).getItem().source());
        assertEquals(0, loads.size());
        clock.turn(Duration.ofSeconds(5));
        assertEquals(Source.REVALIDATING, ask(CacheDirective.NONE).getItem().source());
        land("new");
        assertEquals("new", ask(CacheDirective.NONE).getItem().response());
    }

    private UniAssertSubscriber<CacheResult<String>> ask(CacheDirective directive) {
        return cache.get(KEY, directive, () -> Uni.createFrom().emitter(load -> loads.add(load)))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
    }

    private void store(String response) {
        ask(CacheDirective.NONE);
        land(response);
    }

    private void land(String response) {
        loads.removeFirst().complete(new LoadedResponse<>(response, Optional.empty(), Optional.empty()));
    }
}
