package io.github.mfagateway.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

/** The time that the container gives to the cache. */
class ClocksTest {

    private final TimeSourceProducer clocks = new TimeSourceProducer();
    private final TimeSources time = clocks.time(clocks.ticker(), clocks.clock());

    @Test
    void agesGoOnAndTheWallClockIsTheSystems() {
        long before = time.ticker().read();
        assertTrue(System.nanoTime() - before >= 0);
        assertTrue(time.ticker().read() - before >= 0);

        Duration difference =
                Duration.between(time.clock().instant(), Instant.now()).abs();
        assertTrue(difference.compareTo(Duration.ofMinutes(1)) < 0, difference.toString());
    }

    /** A thousand callers who get their response in time leave no timer behind. */
    @Test
    void itsTimerDropsWhatIsCancelled() {
        time.timer().schedule(() -> {}, 1, TimeUnit.HOURS).cancel(false);

        assertTrue(((ScheduledThreadPoolExecutor) time.timer()).getQueue().isEmpty());
    }

    /** A timer that a stopped gateway leaves behind would keep the process from its end. */
    @Test
    void itsTimersThreadKeepsNoProcessAlive() throws Exception {
        Thread thread = time.timer()
                .schedule(Thread::currentThread, 0, TimeUnit.SECONDS)
                .get(10, TimeUnit.SECONDS);

        assertTrue(thread.isDaemon());
        assertEquals("cache-timeouts", thread.getName());
    }

    @Test
    void itsTimerStopsWithTheContainer() {
        clocks.stop(time);

        assertTrue(time.timer().isShutdown());
    }
}
