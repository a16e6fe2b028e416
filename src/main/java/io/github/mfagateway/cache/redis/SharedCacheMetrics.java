package io.github.mfagateway.cache.redis;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;

import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.smallrye.mutiny.Uni;

/** Metrics of the shared cache. All series exist from startup, with and without Redis. */
final class SharedCacheMetrics {

    static final String UNAVAILABLE = "unavailable";

    private static final String FAILED = "failed";
    private static final String TIMEOUT = "timeout";

    enum Operation {
        LOOKUP("hit", "miss", "invalid"),
        STORE("stored", "outdated", "full"),
        INVALIDATE("done"),
        REMOVE("done");

        private final List<String> outcomes;

        Operation(String... outcomes) {
            this.outcomes = List.of(outcomes);
        }
    }

    // from a nearby Redis' response time to the deadline
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50)
    };

    private final Map<Operation, Map<String, Timer>> operations = new HashMap<>();
    private final AtomicInteger unavailable = new AtomicInteger();
    private final MeterRegistry registry;
    private final Counter one;
    private final Counter all;

    SharedCacheMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (Operation operation : Operation.values()) {
            Map<String, Timer> timers = new HashMap<>();
            operation.outcomes.forEach(outcome -> timers.put(outcome, timer(operation, outcome)));
            for (String outcome : List.of(FAILED, TIMEOUT, UNAVAILABLE)) {
                timers.put(outcome, timer(operation, outcome));
            }
            operations.put(operation, timers);
        }
        this.one = invalidations("one");
        this.all = invalidations("all");
        Gauge.builder("mfa.shared.unavailable", unavailable, AtomicInteger::get)
                .description("1 while Redis is configured and unavailable")
                .strongReference(true)
                .register(registry);
    }

    <T> void watch(T log, ToIntFunction<T> pending) {
        Gauge.builder("mfa.shared.invalidations.pending", log, pending::applyAsInt)
                .description("Invalidations that Redis has not confirmed")
                // without Redis there is no other reference to it
                .strongReference(true)
                .register(registry);
    }

    /** Times an operation whose item is its outcome; its failure is passed on. */
    Uni<String> timed(Operation operation, Uni<String> outcome) {
        return Uni.createFrom().deferred(() -> {
            long start = System.nanoTime();
            return outcome.onItemOrFailure()
                    .invoke((ended, failure) ->
                            ended(operation, failure == null ? ended : outcome(failure), System.nanoTime() - start));
        });
    }

    void failed(Operation operation, Throwable failure, long nanos) {
        ended(operation, outcome(failure), nanos);
    }

    void ended(Operation operation, String outcome, long nanos) {
        operations.get(operation).get(outcome).record(Duration.ofNanos(nanos));
    }

    void invalidatedOne() {
        one.increment();
    }

    void invalidatedAll() {
        all.increment();
    }

    void unavailable(boolean now) {
        unavailable.set(now ? 1 : 0);
    }

    static String outcome(RedisCommands.Stored stored) {
        return stored.name().toLowerCase(Locale.ROOT);
    }

    private static String outcome(Throwable failure) {
        if (failure instanceof TimeoutException) {
            return TIMEOUT;
        }
        return failure instanceof RedisSessionEndedException || failure instanceof CircuitBreakerOpenException
                ? UNAVAILABLE
                : FAILED;
    }

    private Counter invalidations(String scope) {
        return Counter.builder("mfa.shared.invalidations")
                .description(
                        "Invalidations of the local cache: of one user by another replica, or of all after missed messages")
                .tag("scope", scope)
                .register(registry);
    }

    private Timer timer(Operation operation, String outcome) {
        return Timer.builder("mfa.shared.operations")
                .description("Commands to the shared cache")
                .tag("operation", operation.name().toLowerCase(Locale.ROOT))
                .tag("outcome", outcome)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }
}
