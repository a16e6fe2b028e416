package io.github.mfagateway.cache.redis;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;

import io.smallrye.faulttolerance.api.Guard;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Response;

/** {@code CircuitBreaker(Timeout(command))}, one for all commands. */
final class RedisCircuitBreaker {

    private final Guard guard;

    /** @param deadline of each command */
    RedisCircuitBreaker(Duration deadline) {
        this.guard = Guard.create()
                .withDescription("redis")
                .withTimeout()
                .duration(deadline.toMillis(), ChronoUnit.MILLIS)
                .done()
                .withCircuitBreaker()
                // opens after half of eight commands, so that few callers wait and single failures are tolerated
                .requestVolumeThreshold(8)
                .failureRatio(0.5)
                // shorter than the pause before the next session, whose first command probes instead of callers
                .delay(500, ChronoUnit.MILLIS)
                .successThreshold(1)
                .when(failure -> !isFull(failure))
                .done()
                .build();
    }

    @SuppressWarnings("unchecked")
    <T> Uni<T> call(Supplier<Uni<T>> command) {
        return (Uni<T>) guard.get(command::get, Uni.class);
    }

    /** A full Redis rejects a new value, and responds. */
    static boolean isFull(Throwable failure) {
        return failure instanceof Response && failure.getMessage().contains("OOM command not allowed");
    }
}
