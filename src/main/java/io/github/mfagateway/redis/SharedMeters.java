package io.github.mfagateway.redis;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;

/** What is counted of the memory that replicas share. Every series is there from the start, with and without Redis. */
final class SharedMeters {

    static final String DONE = "done";
    static final String FAILED = "failed";
    static final String TIMEOUT = "timeout";
    static final String UNAVAILABLE = "unavailable";

    static final String ONE_USER = "one";
    static final String EVERYBODY = "everybody";

    enum Operation {
        LOOKUP("hit", "miss", "unreadable"),
        STORE("stored", "outdated", "full"),
        EVICT(DONE),
        REMOVE(DONE);

        private final List<String> outcomes;

        Operation(String... outcomes) {
            this.outcomes = List.of(outcomes);
        }
    }

    // up to the deadline and what a Redis nearby takes
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50)
    };

    private final Map<Operation, Map<String, Timer>> operations = new HashMap<>();
    private final Map<String, Counter> heard = new HashMap<>();
    private final AtomicInteger breaker = new AtomicInteger();
    private final MeterRegistry registry;

    SharedMeters(MeterRegistry registry) {
        this.registry = registry;
        for (Operation operation : Operation.values()) {
            Map<String, Timer> timers = new HashMap<>();
            operation.outcomes.forEach(outcome -> timers.put(outcome, timer(operation, outcome)));
            for (String outcome : List.of(FAILED, TIMEOUT, UNAVAILABLE)) {
                timers.put(outcome, timer(operation, outcome));
            }
            operations.put(operation, timers);
        }
        for (String users : List.of(ONE_USER, EVERYBODY)) {
            heard.put(
                    users,
                    Counter.builder("mfa.shared.evictions")
                            .description(
                                    "Invalidations by other replicas: of one user, or of everybody when it is unknown of whom")
                            .tag("users", users)
                            .register(registry));
        }
        Gauge.builder("mfa.shared.circuit.breaker.state", breaker, AtomicInteger::get)
                .description("0 closed, 1 half-open, 2 open; 0 without Redis")
                .strongReference(true)
                .register(registry);
    }

    <T> void watch(T outbox, ToIntFunction<T> size) {
        Gauge.builder("mfa.shared.evictions.pending", outbox, size::applyAsInt)
                .description("Evictions that Redis has not confirmed")
                // without Redis nobody else holds it
                .strongReference(true)
                .register(registry);
    }

    /** Times an operation that tells its outcome; its failure is passed on. */
    Uni<String> timed(Operation operation, Uni<String> outcome) {
        return Uni.createFrom().deferred(() -> {
            long start = System.nanoTime();
            return outcome.onItemOrFailure()
                    .invoke((told, failure) ->
                            ended(operation, failure == null ? told : of(failure), System.nanoTime() - start));
        });
    }

    void failed(Operation operation, Throwable failure, long nanos) {
        ended(operation, of(failure), nanos);
    }

    private static String of(Throwable failure) {
        if (failure instanceof TimeoutException) {
            return TIMEOUT;
        }
        return failure instanceof SessionOverException ? UNAVAILABLE : FAILED;
    }

    void ended(Operation operation, String outcome, long nanos) {
        operations.get(operation).get(outcome).record(Duration.ofNanos(nanos));
    }

    void heard(String users) {
        heard.get(users).increment();
    }

    void closed() {
        breaker.set(0);
    }

    void halfOpen() {
        breaker.set(1);
    }

    void open() {
        breaker.set(2);
    }

    private Timer timer(Operation operation, String outcome) {
        return Timer.builder("mfa.shared.operations")
                .description("Questions and commands to the memory that replicas share")
                .tag("operation", operation.name().toLowerCase(Locale.ROOT))
                .tag("outcome", outcome)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }
}
