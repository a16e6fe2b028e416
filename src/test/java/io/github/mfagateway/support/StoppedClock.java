package io.github.mfagateway.support;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

import com.github.benmanes.caffeine.cache.Ticker;

/** Time that stands still until a test turns it. */
public class StoppedClock implements Ticker, InstantSource {

    // turned by a test, read wherever an answer comes
    private volatile long now = 1_000_000_000_000L;

    public void turn(Duration forward) {
        now = now + forward.toNanos();
    }

    @Override
    public long read() {
        return now;
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH.plusNanos(now);
    }
}
