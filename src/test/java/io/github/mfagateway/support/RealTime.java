package io.github.mfagateway.support;

import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

import com.github.benmanes.caffeine.cache.Ticker;

import io.github.mfagateway.cache.TimeSources;

/** Time as it passes, for caches that no container makes. */
public final class RealTime {

    private static final ScheduledExecutorService TIMER = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "test-timeouts");
        thread.setDaemon(true);
        return thread;
    });

    private RealTime() {}

    public static TimeSources time() {
        return time(Ticker.systemTicker(), InstantSource.system());
    }

    public static TimeSources time(Ticker ticker, InstantSource clock) {
        return new TimeSources(ticker, clock, TIMER);
    }
}
