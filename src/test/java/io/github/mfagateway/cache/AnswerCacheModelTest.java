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

/** Any history of questions, ages, outcomes and evictions goes as a model of a few lines says. */
class AnswerCacheModelTest {

    private static final CacheKey KEY = CacheKey.of("token");

    /** A turn of the clock, or an eviction, or a question with what GenAuth would do if asked. */
    record Step(Duration turn, boolean evict, Directive directive, Outcome outcome) {}

    @Provide
    Arbitrary<List<Step>> histories() {
        Arbitrary<Duration> turns =
                Arbitraries.of(0, 0, 1, 4, 5, 10, 29, 30, 31, 60, 300, 600).map(Duration::ofSeconds);
        Arbitrary<Boolean> evictions = Arbitraries.frequency(Tuple.of(1, true), Tuple.of(9, false));
        Arbitrary<Outcome> outcomes = Arbitraries.frequency(
                Tuple.of(5, Outcome.ANSWERED),
                Tuple.of(3, Outcome.UNAVAILABLE),
                Tuple.of(1, Outcome.REFUSED),
                Tuple.of(1, Outcome.BARRED),
                Tuple.of(1, Outcome.FAILED));
        return Combinators.combine(turns, evictions, Arbitraries.of(Directive.class), outcomes)
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
            model.now += step.turn().toSeconds();
            if (step.evict()) {
                real.cache.evict(CacheKey.of("another token"), Optional.of("alice"));
                model.has = false;
            }
            assertEquals(model.ask(step), real.ask(step), () -> step + " of " + history);
            assertEquals(model.calls, real.calls, () -> "calls after " + step + " of " + history);
        }
    }

    static final class Real {
        final StoppedClock clock = new StoppedClock();
        final AnswerCache<Integer> cache = new AnswerCache<>(
                TestWindows.defaults(),
                failure -> ((AnswerCacheTest.LoadFailure) failure).outcome,
                refresh -> {},
                clock,
                clock,
                () -> 0.5);
        int calls;

        String ask(Step step) {
            try {
                Found<Integer> found = cache.get(KEY, step.directive(), () -> load(step.outcome()))
                        .await()
                        .indefinitely();
                return found.source() + " " + found.answer();
            } catch (AnswerCacheTest.LoadFailure failure) {
                return failure.outcome.toString();
            } catch (NotRememberedException nothing) {
                return "nothing";
            }
        }

        private Uni<Fetched<Integer>> load(Outcome outcome) {
            calls++;
            return outcome == Outcome.ANSWERED
                    ? Uni.createFrom().item(new Fetched<>(calls, Optional.of("alice"), Optional.empty()))
                    : Uni.createFrom().failure(new AnswerCacheTest.LoadFailure(outcome));
        }
    }

    /** The design's table, in seconds. */
    static final class Model {
        long now;
        int calls;
        boolean has;
        int answer;
        long storedAt;
        boolean refreshed;
        long refusedUntil;

        String ask(Step step) {
            long age = has ? now - storedAt : Long.MAX_VALUE;
            boolean anew = step.directive() == Directive.NO_CACHE;
            if (!anew && age < 30) {
                return "FRESH " + answer;
            }
            if (!anew && age < 60) {
                int old = answer;
                if (step.directive() == Directive.NONE && !refreshed) {
                    refreshed = true;
                    call(step.outcome());
                }
                return (step.directive() == Directive.NONE ? "REVALIDATING " : "UNREFRESHED ") + old;
            }
            if (step.directive() == Directive.ONLY_IF_CACHED) {
                return "nothing";
            }
            if (!anew && now < refusedUntil) {
                return "REFUSED";
            }
            boolean old = age < 630;
            call(step.outcome());
            return switch (step.outcome()) {
                case ANSWERED -> (anew ? "BYPASS " : old ? "EXPIRED " : "MISS ") + answer;
                case UNAVAILABLE -> old && !anew ? "STALE " + answer : "UNAVAILABLE";
                default -> step.outcome().toString();
            };
        }

        private void call(Outcome outcome) {
            calls++;
            switch (outcome) {
                case ANSWERED -> {
                    has = true;
                    answer = calls;
                    storedAt = now;
                    refreshed = false;
                    refusedUntil = 0;
                }
                case REFUSED -> {
                    has = false;
                    refusedUntil = now + 5;
                }
                case BARRED -> has = false;
                default -> {}
            }
        }
    }
}
