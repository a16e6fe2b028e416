package io.github.mfagateway.genauth;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import org.jboss.logging.Logger;

/**
 * Writes a line when one of GenAuth's endpoints fails, and no second of the same kind within ten seconds: the next one says
 * how many were kept back.
 */
final class FailureLog {

    private static final long QUIET = TimeUnit.SECONDS.toNanos(10);

    private static final Logger LOG = Logger.getLogger(FailureLog.class);

    private final String operation;
    private final boolean rejectionsAreOurs;
    private final LongSupplier nanos;
    private final Map<CallMeters.Outcome, Kind> kinds = new EnumMap<>(CallMeters.Outcome.class);

    private static final class Kind {
        private final AtomicLong lastLine;
        private final AtomicLong keptBack = new AtomicLong();

        private Kind(long longAgo) {
            this.lastLine = new AtomicLong(longAgo);
        }
    }

    /**
     * @param rejectionsAreOurs whether GenAuth can reject this call only for the gateway's own settings, and never for what a
     *     user typed
     */
    FailureLog(String operation, boolean rejectionsAreOurs, LongSupplier nanos) {
        this.operation = operation;
        this.rejectionsAreOurs = rejectionsAreOurs;
        this.nanos = nanos;
        for (CallMeters.Outcome outcome : CallMeters.Outcome.values()) {
            kinds.put(outcome, new Kind(nanos.getAsLong() - QUIET));
        }
    }

    void failed(CallMeters.Outcome outcome, Throwable failure, Optional<String> traceId) {
        if (!isNews(outcome)) {
            return;
        }
        Kind kind = kinds.get(outcome);
        long now = nanos.getAsLong();
        long last = kind.lastLine.get();
        if (now - last < QUIET || !kind.lastLine.compareAndSet(last, now)) {
            kind.keptBack.incrementAndGet();
            return;
        }
        long keptBack = kind.keptBack.getAndSet(0);
        LOG.warnf(
                "%s: %s%s%s%s",
                operation,
                failure.getMessage(),
                verdict(failure).map(FailureLog::told).orElse(""),
                traceId.map(id -> ", trace " + id).orElse(""),
                keptBack == 0 ? "" : "; " + keptBack + " more like it since the last such line");
    }

    /** A refused token or user is no failure, and an open breaker has lines of its own. */
    private boolean isNews(CallMeters.Outcome outcome) {
        return switch (outcome) {
            case FAILED, TIMEOUT, THROTTLED, OVERLOADED -> true;
            case REJECTED -> rejectionsAreOurs;
            case ANSWERED, TOKEN_REFUSED, USER_REFUSED, UNAVAILABLE, CANCELLED -> false;
        };
    }

    private static Optional<Verdict> verdict(Throwable failure) {
        return failure instanceof GenAuthException ours ? ours.verdict() : Optional.empty();
    }

    private static String told(Verdict verdict) {
        return " (statusCode " + verdict.statusCode()
                + (verdict.apiCode() == null ? "" : ", apiCode " + verdict.apiCode())
                + (verdict.requestId() == null ? "" : ", requestId " + verdict.requestId())
                + ")";
    }
}
