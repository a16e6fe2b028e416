package io.github.mfagateway.support;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

import jakarta.inject.Singleton;

import com.github.benmanes.caffeine.cache.Ticker;

/** Time that goes on as it does, and forward when a test says so. */
@Singleton
public class TurnedClock implements Ticker, InstantSource {

    private final AtomicLong turned = new AtomicLong();

    public void turn(Duration forward) {
        turned.addAndGet(forward.toNanos());
    }

    @Override
    public long read() {
        return System.nanoTime() + turned.get();
    }

    @Override
    public Instant instant() {
        return Instant.now().plusNanos(turned.get());
    }
}
