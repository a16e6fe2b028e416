package io.github.mfagateway.observability;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Lets one line of a kind through, and no second within ten seconds: the next one says how many were kept back. */
public final class LogThrottle {

    private static final long QUIET = TimeUnit.SECONDS.toNanos(10);

    private final LongSupplier nanos;
    private final AtomicLong lastLine;
    private final AtomicLong keptBack = new AtomicLong();

    public LogThrottle(LongSupplier nanos) {
        this.nanos = nanos;
        this.lastLine = new AtomicLong(nanos.getAsLong() - QUIET);
    }

    /** @return how the line ends that may be written now; empty when none may */
    public Optional<String> next() {
        long now = nanos.getAsLong();
        long last = lastLine.get();
        if (now - last < QUIET || !lastLine.compareAndSet(last, now)) {
            keptBack.incrementAndGet();
            return Optional.empty();
        }
        long before = keptBack.getAndSet(0);
        return Optional.of(before == 0 ? "" : "; " + before + " more like it since the last such line");
    }
}
