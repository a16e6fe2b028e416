package io.github.mfagateway.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mfagateway.support.StoppedClock;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;

/** Every load completes, whatever throws or never ends in its handling. No caller waits longer than the deadline. */
class LoadCompletionTest {

    private static final CacheKey KEY = CacheKey.of("token");
    private static final Duration DEADLINE = Duration.ofMillis(2500);

    /** Whatever a load goes through; a fault throws where it is reached. */
    enum Step {
        LOOK,
        LOOK_FAILS,
        COPY,
        ADOPT,
        CALL,
        CALL_RETURNS_NULL,
        RESPONSE_IS_NULL,
        SUBJECT,
        SIZE,
        RANDOM,
        STORE,
        OUTCOME,
        REMOVE,
        REVALIDATED,
        TICKER,
        CLOCK,
        DEADLINE_FAILURE,
        TIMER
    }

    /** How the origin ends the call, if it is reached. */
    enum Ending {
        RESPONSE,
        UNAVAILABLE,
        REJECTED,
        NEVER
    }

    @ParameterizedTest
    @EnumSource
    void allCallersAreNotifiedWhereverTheEndOfALoadThrows(Step fault) {
        for (Ending ending : Ending.values()) {
            for (Wait wait : Wait.values()) {
                Faulty cache = new Faulty(fault);
                List<UniAssertSubscriber<CacheResult<String>>> callers = cache.callers(wait);
                cache.fault = true;
                cache.end(ending);
                cache.clock.turn(DEADLINE);

                assertCompleted(cache, callers, fault + ", " + ending + ", " + wait);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void allCallersAreNotifiedWhereverTheBeginningOfALoadThrows(Step fault) {
        for (Wait wait : Wait.values()) {
            Faulty cache = new Faulty(fault);
            if (wait == Wait.EXPIRED || wait == Wait.REVALIDATION) {
                cache.ask(CacheDirective.NONE);
                cache.end(Ending.RESPONSE);
                cache.clock.turn(Duration.ofSeconds(wait == Wait.EXPIRED ? 120 : 45));
            }
            cache.fault = true;
            List<UniAssertSubscriber<CacheResult<String>>> callers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                try {
                    callers.add(cache.ask(wait == Wait.BYPASS ? CacheDirective.NO_CACHE : CacheDirective.NONE));
                } catch (IllegalStateException | LinkageError atOnce) {
                    // the caller knows
                }
            }
            cache.end(Ending.RESPONSE);
            cache.clock.turn(DEADLINE);

            assertCompleted(cache, callers, fault + ", " + wait);
        }
    }

    /** A bad shared copy, or a bad lookup, only costs the sharing. */
    @ParameterizedTest
    @EnumSource(names = {"LOOK", "LOOK_FAILS", "COPY", "ADOPT", "STORE"})
    void whateverThrowsInTheSharedTierTheResponseIsServed(Step fault) {
        Faulty cache = new Faulty(fault);
        cache.fault = true;
        List<UniAssertSubscriber<CacheResult<String>>> callers = cache.callers(Wait.MISS);

        cache.end(Ending.RESPONSE);

        callers.forEach(caller ->
                assertEquals("response", caller.assertCompleted().getItem().response()));
    }

    /** What a caller does with a response may throw anything. */
    @ParameterizedTest
    @ValueSource(classes = {StackOverflowError.class, OutOfMemoryError.class, IllegalStateException.class})
    void aCallerThatThrowsDoesNotDelayOtherCallers(Class<? extends Throwable> thrown) {
        for (Ending ending : List.of(Ending.RESPONSE, Ending.UNAVAILABLE, Ending.NEVER)) {
            Faulty cache = new Faulty(null);
            List<UniAssertSubscriber<CacheResult<String>>> callers = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                callers.add(cache.ask(CacheDirective.NONE));
                cache.responses
                        .get(KEY, CacheDirective.NONE, null)
                        .onItemOrFailure()
                        .invoke((found, failure) -> sneak(thrown))
                        .subscribe()
                        .with(found -> sneak(thrown), failure -> sneak(thrown));
            }

            cache.end(ending);
            cache.clock.turn(DEADLINE);

            assertCompleted(cache, callers, thrown + ", " + ending);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Class<? extends Throwable> type) throws T {
        try {
            throw (T) type.getConstructor().newInstance();
        } catch (ReflectiveOperationException everyThrowableHasOne) {
            throw new AssertionError(everyThrowableHasOne);
        }
    }

    /** All callers were notified, and the key is not blocked for later callers. */
    private static void assertCompleted(
            Faulty cache, List<UniAssertSubscriber<CacheResult<String>>> callers, String what) {
        cache.fault = false;
        cache.calls.clear();
        callers.forEach(caller ->
                assertTrue(caller.getItem() != null || caller.getFailure() != null, what + ": a caller waits"));
        assertEquals(0, cache.responses.loading(), what + ": a load is under way");

        UniAssertSubscriber<CacheResult<String>> next = cache.ask(CacheDirective.NO_CACHE);
        cache.end(Ending.RESPONSE);
        assertEquals("response", next.assertCompleted().getItem().response(), what);
    }

    @Test
    void allCallersOfALoadThatNeverEndsWaitUntilTheDeadline() {
        Faulty cache = new Faulty(null);
        UniAssertSubscriber<CacheResult<String>> first = cache.ask(CacheDirective.NONE);
        cache.clock.turn(Duration.ofMillis(2000));
        UniAssertSubscriber<CacheResult<String>> second = cache.ask(CacheDirective.NONE);

        cache.clock.turn(Duration.ofMillis(499));
        first.assertNotTerminated();
        cache.clock.turn(Duration.ofMillis(1));

        first.assertFailedWith(TimeoutException.class);
        second.assertFailedWith(TimeoutException.class);
        assertEquals(1, cache.calls.size());
        cache.ask(CacheDirective.NONE);
        assertEquals(2, cache.calls.size(), "the load that never ended is not joined any more");
    }

    @Test
    void aResponseThatArrivesAfterTheDeadlineIsCached() {
        Faulty cache = new Faulty(null);
        UniAssertSubscriber<CacheResult<String>> caller = cache.ask(CacheDirective.NONE);
        cache.clock.turn(DEADLINE);
        caller.assertFailedWith(TimeoutException.class);

        cache.end(Ending.RESPONSE);

        assertEquals(
                "response",
                cache.ask(CacheDirective.NONE).assertCompleted().getItem().response());
    }

    @Test
    void noTimerOutlivesItsLoad() {
        Faulty cache = new Faulty(null);
        cache.ask(CacheDirective.NONE);
        cache.end(Ending.RESPONSE);
        assertEquals(0, cache.clock.timer().pending());

        cache.clock.turn(Duration.ofMinutes(2));
        UniAssertSubscriber<CacheResult<String>> waits = cache.ask(CacheDirective.NONE);
        assertEquals(2, cache.clock.timer().pending(), "the deadline and the soft timeout");
        cache.end(Ending.UNAVAILABLE);
        waits.assertCompleted();
        assertEquals(0, cache.clock.timer().pending());

        cache.clock.turn(Duration.ofSeconds(5));
        cache.ask(CacheDirective.NONE).cancel();
        assertEquals(1, cache.clock.timer().pending(), "a caller who disconnects takes the soft timeout along");
    }

    /** How callers come to wait. */
    enum Wait {
        MISS,
        EXPIRED,
        REVALIDATION,
        BYPASS
    }

    /** A cache with a step that throws on demand. */
    private static final class Faulty {

        private final StoppedClock clock = new StoppedClock();
        private final Step broken;
        private final List<UniEmitter<? super LoadedResponse<String>>> calls = new ArrayList<>();
        private final ResponseCache<String> responses;
        private boolean fault;
        private int faults;

        Faulty(Step broken) {
            this.broken = broken;
            clock.timer().onSchedule(() -> reach(Step.TIMER));
            TimeSources time = new TimeSources(
                    () -> {
                        reach(Step.TICKER);
                        return clock.read();
                    },
                    () -> {
                        reach(Step.CLOCK);
                        return clock.instant();
                    },
                    clock.timer());
            this.responses =
                    new ResponseCache<>(TestCacheSettings.defaults(), DEADLINE, new FaultyTraits(), time, () -> {
                        reach(Step.RANDOM);
                        return 0.5;
                    });
        }

        /** Three callers who wait for one load, as far as the way of waiting lets them. */
        List<UniAssertSubscriber<CacheResult<String>>> callers(Wait wait) {
            if (wait == Wait.EXPIRED || wait == Wait.REVALIDATION) {
                ask(CacheDirective.NONE);
                end(Ending.RESPONSE);
                clock.turn(Duration.ofSeconds(wait == Wait.EXPIRED ? 120 : 45));
            }
            List<UniAssertSubscriber<CacheResult<String>>> callers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                callers.add(ask(wait == Wait.BYPASS ? CacheDirective.NO_CACHE : CacheDirective.NONE));
            }
            return callers;
        }

        UniAssertSubscriber<CacheResult<String>> ask(CacheDirective directive) {
            return responses
                    .get(KEY, directive, new FaultyLoad())
                    .subscribe()
                    .withSubscriber(UniAssertSubscriber.create());
        }

        void end(Ending ending) {
            List<UniEmitter<? super LoadedResponse<String>>> under = List.copyOf(calls);
            calls.clear();
            for (UniEmitter<? super LoadedResponse<String>> call : under) {
                switch (ending) {
                    case RESPONSE -> call.complete(broken == Step.RESPONSE_IS_NULL && fault ? null : fetched());
                    case UNAVAILABLE -> call.fail(new IllegalArgumentException());
                    case REJECTED -> call.fail(new SecurityException());
                    case NEVER -> {}
                }
            }
        }

        private LoadedResponse<String> fetched() {
            return new LoadedResponse<>(
                    "response",
                    broken == Step.SUBJECT && fault ? null : Optional.of("alice"),
                    Optional.of(clock.instant().plusSeconds(3600)));
        }

        private void reach(Step step) {
            if (fault && step == broken) {
                // what a missing class in the executable, or an endless recursion, would be
                if (step.ordinal() % 2 == faults++ % 2) {
                    throw new LinkageError(step.name());
                }
                throw new IllegalStateException(step.name());
            }
        }

        private final class FaultyLoad implements ResponseOrigin<String> {

            @Override
            public Uni<LoadedResponse<String>> call() {
                reach(Step.CALL);
                return broken == Step.CALL_RETURNS_NULL && fault
                        ? null
                        : Uni.createFrom().emitter(calls::add);
            }

            @Override
            public Uni<SharedCacheEntry<String>> lookup() {
                reach(Step.LOOK);
                return broken == Step.LOOK_FAILS && fault
                        ? Uni.createFrom().failure(new IllegalStateException("lookup"))
                        : Uni.createFrom().item(entry());
            }

            private SharedCacheEntry<String> entry() {
                return new SharedCacheEntry<>() {
                    @Override
                    public Optional<Copy<String>> copy() {
                        reach(Step.COPY);
                        return broken == Step.ADOPT && fault
                                ? Optional.of(new Copy<>(null, Duration.ZERO, 1))
                                : Optional.empty();
                    }

                    @Override
                    public void store(LoadedResponse<String> fetched, double jitter, Duration life) {
                        reach(Step.STORE);
                    }

                    @Override
                    public void remove() {
                        reach(Step.REMOVE);
                    }
                };
            }
        }

        private final class FaultyTraits extends TestTraits<String> {

            FaultyTraits() {
                super(failure -> failure instanceof SecurityException
                        ? LoadOutcome.REJECTED
                        : failure instanceof IllegalArgumentException ? LoadOutcome.UNAVAILABLE : LoadOutcome.FAILED);
            }

            @Override
            public LoadOutcome outcome(Throwable failure) {
                reach(Step.OUTCOME);
                return super.outcome(failure);
            }

            @Override
            public int bytes(String response) {
                reach(Step.SIZE);
                return 0;
            }

            @Override
            public Throwable deadlinePassed() {
                reach(Step.DEADLINE_FAILURE);
                return super.deadlinePassed();
            }

            @Override
            public void revalidated(LoadOutcome outcome) {
                reach(Step.REVALIDATED);
            }
        }
    }
}
