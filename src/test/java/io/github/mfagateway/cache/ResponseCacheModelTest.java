package io.github.mfagateway.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.github.mfagateway.support.StoppedClock;
import io.smallrye.mutiny.Uni;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Any history of requests, ages, outcomes and invalidations goes as a model of a few lines says. */
class ResponseCacheModelTest {

    private static final CacheKey KEY = CacheKey.of("token");

    /** A turn of the clock, perhaps an invalidation, and a request with what GenAuth would do if it were called. */
    record Step(Duration turn, boolean evict, CacheDirective directive, LoadOutcome outcome) {}

    @Provide
    Arbitrary<List<Step>> histories() {
        Arbitrary<Duration> turns =
                Arbitraries.of(0, 0, 1, 4, 5, 10, 29, 30, 31, 60, 300, 600).map(Duration::ofSeconds);
        Arbitrary<Boolean> evictions = Arbitraries.frequency(Tuple.of(1, true), Tuple.of(9, false));
        Arbitrary<LoadOutcome> outcomes = Arbitraries.frequency(
                Tuple.of(5, LoadOutcome.SUCCESS),
                Tuple.of(3, LoadOutcome.UNAVAILABLE),
                Tuple.of(1, LoadOutcome.OVERLOADED),
                Tuple.of(1, LoadOutcome.REJECTED),
                Tuple.of(1, LoadOutcome.FORBIDDEN),
                Tuple.of(1, LoadOutcome.FAILED));
        return Combinators.combine(turns, evictions, Arbitraries.of(CacheDirective.class), outcomes)
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(60);
    }

    @Property(tries = 2000)
    void everyHistoryGoesAsTheModelSays(@ForAll("histories") List<Step> history) {
        Real real = new Real();
        Model model = new Model();
        for (Step step : history) {
            real.clock.turn(step.turn());
            model.now += step.turn().toMillis();
            if (step.evict()) {
                real.cache.invalidate(CacheKey.of("another token"), Optional.of("alice"));
                model.has = false;
                model.throttledUntil = 0;
            }
            assertEquals(model.ask(step), real.ask(step), () -> step + " of " + history);
            assertEquals(model.calls, real.calls, () -> "calls after " + step + " of " + history);
        }
    }

    static final class Real {
        final StoppedClock clock = new StoppedClock();
        final ResponseCache<Integer> cache = new ResponseCache<>(
                TestCacheSettings.defaults(),
                Duration.ofMillis(2500),
                new TestTraits<>(failure -> ((ResponseCacheTest.LoadFailure) failure).outcome),
                new TimeSources(clock, clock, clock.timer()),
                () -> 0.5);
        int calls;

        String ask(Step step) {
            try {
                CacheResult<Integer> found = cache.get(KEY, step.directive(), () -> load(step.outcome()))
                        .await()
                        .indefinitely();
                return found.source() + " " + found.response();
            } catch (ResponseCacheTest.LoadFailure failure) {
                return failure.outcome.toString();
            } catch (NotCachedException nothing) {
                return "nothing";
            }
        }

        private Uni<LoadedResponse<Integer>> load(LoadOutcome outcome) {
            calls++;
            return outcome == LoadOutcome.SUCCESS
                    ? Uni.createFrom().item(new LoadedResponse<>(calls, Optional.of("alice"), Optional.empty()))
                    : Uni.createFrom().failure(new ResponseCacheTest.LoadFailure(outcome));
        }
    }

    /** The design's table, in milliseconds. */
    static final class Model {
        static final long THROTTLE = 4750; // 5 s, less a half of the jitter's tenth

        long now;
        int calls;
        boolean has;
        int response;
        long storedAt;
        long throttledUntil;
        LoadOutcome why;
        long refusedUntil;

        String ask(Step step) {
            long age = has ? now - storedAt : Long.MAX_VALUE;
            boolean throttled = has && now < throttledUntil;
            if (step.directive() == CacheDirective.NO_CACHE) {
                call(step.outcome());
                return step.outcome() == LoadOutcome.SUCCESS
                        ? "BYPASS " + response
                        : step.outcome().toString();
            }
            if (age < 30_000) {
                return "FRESH " + response;
            }
            if (step.directive() == CacheDirective.ONLY_IF_CACHED) {
                return age < 60_000 ? "UNREFRESHED " + response : "nothing";
            }
            if (throttled && why != LoadOutcome.FAILED && age < 630_000) {
                return stale(why);
            }
            if (age < 60_000) {
                int old = response;
                if (!throttled) {
                    call(step.outcome());
                }
                return "REVALIDATING " + old;
            }
            if (now < refusedUntil) {
                return "REJECTED";
            }
            boolean stale = age < 630_000;
            call(step.outcome());
            return switch (step.outcome()) {
                case SUCCESS -> (stale ? "EXPIRED " : "MISS ") + response;
                case UNAVAILABLE, OVERLOADED ->
                    stale ? stale(step.outcome()) : step.outcome().toString();
                default -> step.outcome().toString();
            };
        }

        private String stale(LoadOutcome why) {
            return (why == LoadOutcome.OVERLOADED ? "OVERLOADED " : "STALE ") + response;
        }

        private void call(LoadOutcome outcome) {
            calls++;
            switch (outcome) {
                case SUCCESS -> {
                    has = true;
                    response = calls;
                    storedAt = now;
                    throttledUntil = 0;
                    refusedUntil = 0;
                }
                case REJECTED -> {
                    has = false;
                    refusedUntil = now + 5_000;
                }
                case FORBIDDEN -> has = false;
                case UNAVAILABLE, OVERLOADED, FAILED -> throttle(outcome);
            }
        }

        private void throttle(LoadOutcome outcome) {
            boolean runs = now < throttledUntil;
            if (!runs || why == LoadOutcome.FAILED && outcome != LoadOutcome.FAILED) {
                throttledUntil = now + THROTTLE;
                why = outcome;
            }
        }
    }
}
