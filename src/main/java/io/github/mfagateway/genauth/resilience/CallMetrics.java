package io.github.mfagateway.genauth.resilience;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.mfagateway.genauth.FailureKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** Metrics of one operation's calls. All series exist from startup, so that alerts see the first failure. */
final class CallMetrics {

    private static final String SUCCESS = "success";
    private static final String CANCELLED = "cancelled";

    // around a healthy GenAuth's response time, the connect timeout and the deadline
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500)
    };

    private final Map<String, Timer> calls = new HashMap<>();
    private final Map<String, Timer> exchanges = new HashMap<>();
    private final Counter retries;

    CallMetrics(MeterRegistry registry, String operation) {
        for (String outcome : List.of(SUCCESS, CANCELLED)) {
            calls.put(outcome, call(operation, outcome).register(registry));
            exchanges.put(outcome, exchange(operation, outcome).register(registry));
        }
        for (FailureKind kind : FailureKind.values()) {
            calls.put(kind.label(), call(operation, kind.label()).register(registry));
            if (kind.hasExchange()) {
                exchanges.put(kind.label(), exchange(operation, kind.label()).register(registry));
            }
        }
        retries = Counter.builder("genauth.retries")
                .description("Retries")
                .tag("operation", operation)
                .register(registry);
    }

    /** The {@code outcome} of a call or an exchange. */
    static String outcome(Throwable failure, boolean cancelled) {
        if (cancelled) {
            return CANCELLED;
        }
        return failure == null ? SUCCESS : FailureKind.of(failure).label();
    }

    private static Timer.Builder call(String operation, String outcome) {
        return timer("genauth.calls", "Calls to GenAuth, retries and waiting included", operation, outcome);
    }

    private static Timer.Builder exchange(String operation, String outcome) {
        return timer("genauth.exchanges", "Exchanges with GenAuth: its own response time", operation, outcome);
    }

    private static Timer.Builder timer(String name, String description, String operation, String outcome) {
        return Timer.builder(name)
                .description(description)
                .tag("operation", operation)
                .tag("outcome", outcome)
                .serviceLevelObjectives(BUCKETS);
    }

    /** Records one exchange of a call. */
    void exchanged(String outcome, long nanos) {
        exchanges.get(outcome).record(Duration.ofNanos(nanos));
    }

    void ended(String outcome, long nanos) {
        calls.get(outcome).record(Duration.ofNanos(nanos));
    }

    void retried() {
        retries.increment();
    }
}
