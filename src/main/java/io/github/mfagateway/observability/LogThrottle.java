package io.github.mfagateway.observability;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Permits one log line every ten seconds; the next line has the number of suppressed ones. */
public final class LogThrottle {

    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(10);

    private final LongSupplier nanos;
    private final AtomicLong lastLine;
    private final AtomicLong suppressed = new AtomicLong();

    public LogThrottle(LongSupplier nanos) {
        this.nanos = nanos;
        this.lastLine = new AtomicLong(nanos.getAsLong() - INTERVAL);
    }

    /** @return the end of the line that may be written now; empty if it is suppressed */
    public Optional<String> next() {
        long now = nanos.getAsLong();
        long last = lastLine.get();
        if (now - last < INTERVAL || !lastLine.compareAndSet(last, now)) {
            suppressed.incrementAndGet();
            return Optional.empty();
        }
        long before = suppressed.getAndSet(0);
        return Optional.of(before == 0 ? "" : "; " + before + " more like it since the last such line");
    }
}
