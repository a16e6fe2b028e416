package io.github.mfagateway.genauth;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** What is counted of one operation's calls. Every series is there from the start, so that no alert waits for a first failure. */
final class CallMeters {

    enum Outcome {
        ANSWERED,
        TOKEN_REFUSED,
        USER_REFUSED,
        REJECTED,
        FAILED,
        TIMEOUT,
        THROTTLED,
        UNAVAILABLE,
        OVERLOADED,
        CANCELLED;

        static Outcome of(Throwable failure) {
            if (failure == null) {
                return ANSWERED;
            } else if (failure instanceof GenAuthException.TokenRefused) {
                return TOKEN_REFUSED;
            } else if (failure instanceof GenAuthException.UserRefused) {
                return USER_REFUSED;
            } else if (failure instanceof GenAuthException.Rejected) {
                return REJECTED;
            } else if (failure instanceof GenAuthException.TimedOut) {
                return TIMEOUT;
            } else if (failure instanceof GenAuthException.Throttled) {
                return THROTTLED;
            } else if (failure instanceof GenAuthException.Unavailable) {
                return UNAVAILABLE;
            }
            return failure instanceof GenAuthException.Overloaded ? OVERLOADED : FAILED;
        }

        /** Whether something went wrong at GenAuth, on the way, or here; a refusal is an answer. */
        boolean isFailure() {
            return switch (this) {
                case ANSWERED, TOKEN_REFUSED, USER_REFUSED, CANCELLED -> false;
                case REJECTED, FAILED, TIMEOUT, THROTTLED, UNAVAILABLE, OVERLOADED -> true;
            };
        }

        /** Whether an exchange can end so; the others are of calls that made none. */
        boolean isOfAnExchange() {
            return this != UNAVAILABLE && this != OVERLOADED;
        }

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    // around the connect timeout and the deadline, and what a healthy GenAuth takes
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

    private final Map<Outcome, Timer> calls = new EnumMap<>(Outcome.class);
    private final Map<Outcome, Timer> exchanges = new EnumMap<>(Outcome.class);
    private final Counter retries;

    CallMeters(MeterRegistry registry, String operation) {
        for (Outcome outcome : Outcome.values()) {
            calls.put(
                    outcome,
                    timer("genauth.calls", "Calls to GenAuth, retries and waiting included", operation, outcome)
                            .register(registry));
            if (outcome.isOfAnExchange()) {
                exchanges.put(
                        outcome,
                        timer("genauth.exchanges", "Exchanges with GenAuth: its own time to answer", operation, outcome)
                                .register(registry));
            }
        }
        retries = Counter.builder("genauth.retries")
                .description("Retries")
                .tag("operation", operation)
                .register(registry);
    }

    private static Timer.Builder timer(String name, String description, String operation, Outcome outcome) {
        return Timer.builder(name)
                .description(description)
                .tag("operation", operation)
                .tag("outcome", outcome.label())
                .serviceLevelObjectives(BUCKETS);
    }

    /** One exchange of a call is over. */
    void exchanged(Outcome outcome, long nanos) {
        exchanges.get(outcome).record(Duration.ofNanos(nanos));
    }

    void ended(Outcome outcome, long nanos) {
        calls.get(outcome).record(Duration.ofNanos(nanos));
    }

    void retried() {
        retries.increment();
    }
}
