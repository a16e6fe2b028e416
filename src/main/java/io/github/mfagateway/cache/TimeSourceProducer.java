package io.github.mfagateway.cache;

import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;

import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import com.github.benmanes.caffeine.cache.Ticker;

import io.quarkus.arc.DefaultBean;

/** Ages are read from a monotonic clock, a token's expiry from the wall clock. Tests replace both. */
@Dependent
class TimeSourceProducer {

    @Produces
    @Singleton
    @DefaultBean
    Ticker ticker() {
        return Ticker.systemTicker();
    }

    @Produces
    @Singleton
    @DefaultBean
    InstantSource clock() {
        return InstantSource.system();
    }

    @Produces
    @Singleton
    TimeSources time(Ticker ticker, InstantSource clock) {
        return new TimeSources(ticker, clock, timer());
    }

    void stop(@Disposes TimeSources time) {
        time.timer().shutdownNow();
    }

    /** Not Mutiny's default scheduler, which retains a cancelled timeout until its delay has passed. */
    static ScheduledExecutorService timer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "cache-timeouts");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }
}
