package io.github.mfagateway.cache.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.github.mfagateway.cache.CacheDirective;
import io.github.mfagateway.cache.LoadedResponse;
import io.github.mfagateway.cache.TimeSources;
import io.github.mfagateway.support.StoppedClock;
import io.smallrye.mutiny.Uni;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever happens to Redis, in whatever order, no replica serves what a confirmed enrollment made wrong. */
class SharedCacheScheduleTest {

    private static final int REPLICAS = 3;

    // later than mfa.cache.soft-timeout a replica may serve what it knows to be stale
    private static final int SLOW = 250;

    /** Two of alice's tokens, one of bob's, and one without a subject. */
    private static final List<String> TOKENS = List.of("alice-1", "alice-2", "bob-1", "opaque");

    enum Kind {
        LIST,
        LIST_SLOWLY,
        LIST_NO_CACHE,
        ENROLL,
        ENROLL_WITH_UNKNOWN_OUTCOME,
        TIME_PASSES,
        MESSAGES_ARE_DELAYED,
        CONNECTION_IS_LOST,
        CUT,
        REPLIES_ARE_LOST,
        COMMANDS_ARE_LOST,
        MEND,
        PROMOTE,
        PROMOTE_IN_PLACE,
        FULL,
        NOT_FULL
    }

    record Step(Kind kind, int replica, int token, int amount) {}

    @Provide
    Arbitrary<List<Step>> schedules() {
        Arbitrary<Kind> kinds = Arbitraries.frequency(
                Tuple.of(14, Kind.LIST),
                Tuple.of(4, Kind.LIST_SLOWLY),
                Tuple.of(2, Kind.LIST_NO_CACHE),
                Tuple.of(6, Kind.ENROLL),
                Tuple.of(2, Kind.ENROLL_WITH_UNKNOWN_OUTCOME),
                Tuple.of(6, Kind.TIME_PASSES),
                Tuple.of(2, Kind.MESSAGES_ARE_DELAYED),
                Tuple.of(2, Kind.CONNECTION_IS_LOST),
                Tuple.of(1, Kind.CUT),
                Tuple.of(1, Kind.REPLIES_ARE_LOST),
                Tuple.of(1, Kind.COMMANDS_ARE_LOST),
                Tuple.of(5, Kind.MEND),
                Tuple.of(2, Kind.PROMOTE),
                Tuple.of(1, Kind.PROMOTE_IN_PLACE),
                Tuple.of(1, Kind.FULL),
                Tuple.of(2, Kind.NOT_FULL));
        Arbitrary<Integer> amounts = Arbitraries.of(0, 1, 2, 5, 20, 100, 999, 1000, 1001, 2000, 4000);
        return Combinators.combine(
                        kinds,
                        Arbitraries.integers().between(0, REPLICAS - 1),
                        Arbitraries.integers().between(0, TOKENS.size() - 1),
                        amounts)
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(80);
    }

    @Property(tries = 3000)
    void noScheduleMakesAReplicaServeWhatAnEnrollmentMadeWrong(@ForAll("schedules") List<Step> schedule) {
        play(schedule);
    }

    /** Replica 1 moves to the promoted server first; replica 0 enrolls on the old one, replica 1 on the new one. */
    @Example
    void aFailoverLosesNoInvalidation() {
        play(List.of(
                new Step(Kind.LIST, 0, 0, 0),
                new Step(Kind.LIST, 1, 0, 0),
                new Step(Kind.LIST, 0, 2, 0),
                new Step(Kind.LIST, 1, 2, 0),
                new Step(Kind.PROMOTE, 0, 0, 0),
                new Step(Kind.CONNECTION_IS_LOST, 1, 0, 0),
                new Step(Kind.TIME_PASSES, 0, 0, 1001),
                new Step(Kind.LIST, 1, 0, 0),
                new Step(Kind.ENROLL, 0, 0, 0),
                new Step(Kind.ENROLL, 1, 2, 0),
                new Step(Kind.CONNECTION_IS_LOST, 0, 0, 0),
                new Step(Kind.TIME_PASSES, 0, 0, 1001),
                new Step(Kind.LIST, 0, 0, 0),
                new Step(Kind.LIST, 1, 0, 0),
                new Step(Kind.LIST, 0, 2, 0),
                new Step(Kind.LIST, 1, 2, 0)));
    }

    private static void play(List<Step> schedule) {
        World world = new World();
        for (int i = 0; i < schedule.size(); i++) {
            int number = i;
            world.play(schedule.get(i), () -> "step " + number + " of " + schedule);
        }
    }

    private static final class World {

        private final StoppedClock clock = new StoppedClock();
        private final SimulatedRedis redis = new SimulatedRedis(clock);
        private final List<SimulatedRedis.Way> ways = new ArrayList<>();
        private final List<Replica> replicas = new ArrayList<>();
        private final Map<String, Integer> genauth = new HashMap<>();
        /** By replica and user: the state that it has confirmed. */
        private final Map<String, Integer> confirmed = new HashMap<>();

        private final List<String> wrong = new ArrayList<>();

        World() {
            for (int i = 0; i < REPLICAS; i++) {
                SimulatedRedis.Way way = redis.way();
                ways.add(way);
                replicas.add(new Replica(way, new TimeSources(clock, clock, clock.timer()), Replica.SECRET));
            }
        }

        void play(Step step, Supplier<String> where) {
            steps(step, where);
            assertEquals(List.of(), wrong);
        }

        private void steps(Step step, Supplier<String> where) {
            Replica replica = replicas.get(step.replica());
            SimulatedRedis.Way way = ways.get(step.replica());
            String token = TOKENS.get(step.token());
            switch (step.kind()) {
                case LIST -> list(step.replica(), token, CacheDirective.NONE, 0, where);
                case LIST_SLOWLY ->
                    list(step.replica(), token, CacheDirective.NONE, Math.min(step.amount(), SLOW), where);
                case LIST_NO_CACHE -> list(step.replica(), token, CacheDirective.NO_CACHE, 0, where);
                case ENROLL -> {
                    int state = genauth.merge(user(token), 1, Integer::sum);
                    replica.invalidate(token, subject(token).orElse(null));
                    confirmed.put(step.replica() + user(token), state);
                }
                case ENROLL_WITH_UNKNOWN_OUTCOME -> {
                    int state = genauth.merge(user(token), 1, Integer::sum);
                    replica.invalidateUnproven(token);
                    confirmed.put(step.replica() + token, state);
                }
                case TIME_PASSES -> clock.turn(Duration.ofMillis(step.amount()));
                case MESSAGES_ARE_DELAYED -> way.delay(step.amount());
                case CONNECTION_IS_LOST -> way.loseConnection();
                case CUT -> way.cut();
                case REPLIES_ARE_LOST -> way.replies(SimulatedRedis.Replies.LOST);
                case COMMANDS_ARE_LOST -> way.replies(SimulatedRedis.Replies.COMMAND_LOST);
                case MEND -> way.mend();
                case PROMOTE -> redis.promote(step.amount());
                case PROMOTE_IN_PLACE -> redis.promoteInPlace(step.amount());
                case FULL -> redis.full(true);
                case NOT_FULL -> redis.full(false);
            }
        }

        private void list(int replica, String token, CacheDirective directive, int millis, Supplier<String> where) {
            int atLeast = IntStream.range(0, REPLICAS)
                    .filter(other -> other == replica || knows(replica, other))
                    .flatMap(other -> IntStream.of(
                            confirmed.getOrDefault(other + user(token), 0), confirmed.getOrDefault(other + token, 0)))
                    .max()
                    .orElse(0);
            replicas.get(replica)
                    .ask(token, subject(token).orElse(null), directive, () -> load(token, millis))
                    .subscribe()
                    .with(found -> {
                        String[] served = found.response().split(" ");
                        if (!served[0].equals(token)) {
                            wrong.add("a list of " + served[0] + ", " + where.get());
                        } else if (Integer.parseInt(served[1]) < atLeast) {
                            wrong.add("list " + served[1] + " after " + atLeast + " was confirmed, " + where.get());
                        }
                    });
        }

        /** Both have reached the current server, one has published there, and the other has every message. */
        private boolean knows(int replica, int other) {
            return isCurrent(replica) && isCurrent(other);
        }

        private boolean isCurrent(int replica) {
            return replicas.get(replica).shares() && ways.get(replica).isUpToDate();
        }

        private Uni<LoadedResponse<String>> load(String token, int millis) {
            LoadedResponse<String> now = new LoadedResponse<>(
                    token + " " + genauth.getOrDefault(user(token), 0), subject(token), Optional.empty());
            CompletableFuture<LoadedResponse<String>> later = new CompletableFuture<>();
            if (millis == 0) {
                later.complete(now);
            } else {
                clock.timer().schedule(() -> later.complete(now), millis, TimeUnit.MILLISECONDS);
            }
            return Uni.createFrom().completionStage(later);
        }

        private static Optional<String> subject(String token) {
            return token.equals("opaque") ? Optional.empty() : Optional.of(user(token));
        }

        private static String user(String token) {
            return token.split("-")[0];
        }
    }
}
