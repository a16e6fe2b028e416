package io.github.mfagateway.genauth.resilience;

import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.github.mfagateway.config.GenAuthSettings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.faulttolerance.api.Guard;
import io.smallrye.faulttolerance.api.RateLimitType;
import io.smallrye.mutiny.Uni;

/** Bounds the calls to GenAuth, of all operations together: how many run, how many wait, and how many start in a second. */
public final class CallLimiter {

    private final Guard guard;
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger admitted = new AtomicInteger();

    public CallLimiter(GenAuthSettings settings, MeterRegistry registry) {
        Guard.Builder builder = Guard.create()
                .withDescription("genauth")
                .withBulkhead()
                .limit(settings.maxConcurrent())
                .queueSize(settings.maxWaiting())
                .onAccepted(admitted::incrementAndGet)
                .onFinished(admitted::decrementAndGet)
                .done();
        settings.rateLimit().ifPresent(limit -> builder.withRateLimit()
                .limit(limit)
                .window(1, ChronoUnit.SECONDS)
                // SMOOTH rejects a burst below the limit; ROLLING counts rejected calls, and so may reject all of them
                .type(RateLimitType.FIXED)
                .done());
        this.guard = builder.build();
        Gauge.builder("genauth.bulkhead.running", running, AtomicInteger::get)
                .description("Calls to GenAuth running now")
                .register(registry);
        Gauge.builder("genauth.bulkhead.waiting", this, limiter -> Math.max(0, admitted.get() - running.get()))
                .description("Calls to GenAuth waiting for a running one to end")
                .register(registry);
        Gauge.builder("genauth.bulkhead.limit", settings, GenAuthSettings::maxConcurrent)
                .description("Maximum of concurrent calls to GenAuth")
                .register(registry);
    }

    <T> Uni<T> call(Supplier<Uni<T>> call) {
        return guarded(guard, () -> {
            running.incrementAndGet();
            return call.get().onTermination().invoke(() -> running.decrementAndGet());
        });
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    static <T> Uni<T> guarded(Guard guard, Supplier<Uni<T>> call) {
        return (Uni<T>) guard.get((Supplier) call, Uni.class);
    }
}
