package io.github.mfagateway.support;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

import jakarta.inject.Singleton;

import com.github.benmanes.caffeine.cache.Ticker;

/** Time that goes on as it does, and forward when a test says so; a test that counts seconds stops it. */
@Singleton
public class VirtualClock implements Ticker, InstantSource {

    private final AtomicLong turned = new AtomicLong();

    // read where a response arrives
    private volatile Moment stopped;

    private record Moment(long nanos, Instant instant) {}

    public void turn(Duration forward) {
        turned.addAndGet(forward.toNanos());
    }

    /** From now on it is only turned. */
    public void stop() {
        stopped = new Moment(System.nanoTime(), Instant.now());
    }

    /** It makes up for the time it stood still, because it must not go back. */
    public void goOn() {
        stopped = null;
    }

    @Override
    public long read() {
        Moment still = stopped;
        return (still == null ? System.nanoTime() : still.nanos) + turned.get();
    }

    @Override
    public Instant instant() {
        Moment still = stopped;
        return (still == null ? Instant.now() : still.instant).plusNanos(turned.get());
    }
}
