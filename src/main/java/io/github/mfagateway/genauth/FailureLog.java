package io.github.mfagateway.genauth;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

import org.jboss.logging.Logger;

/** Writes a line when one of GenAuth's endpoints fails, and seldom a second of the same kind. */
final class FailureLog {

    private static final Logger LOG = Logger.getLogger(FailureLog.class);

    private final String operation;
    private final boolean rejectionsAreOurs;
    private final Map<CallMeters.Outcome, Seldom> kinds = new EnumMap<>(CallMeters.Outcome.class);

    /**
     * @param rejectionsAreOurs whether GenAuth can reject this call only for the gateway's own settings, and never for what a
     *     user typed
     */
    FailureLog(String operation, boolean rejectionsAreOurs, LongSupplier nanos) {
        this.operation = operation;
        this.rejectionsAreOurs = rejectionsAreOurs;
        for (CallMeters.Outcome outcome : CallMeters.Outcome.values()) {
            kinds.put(outcome, new Seldom(nanos));
        }
    }

    void failed(CallMeters.Outcome outcome, Throwable failure, Optional<String> traceId) {
        if (isNews(outcome)) {
            kinds.get(outcome).next().ifPresent(end -> write(failure, traceId, end));
        }
    }

    /** A refused token or user is no failure, and an open breaker has lines of its own. */
    private boolean isNews(CallMeters.Outcome outcome) {
        return switch (outcome) {
            case FAILED, TIMEOUT, THROTTLED, OVERLOADED -> true;
            case REJECTED -> rejectionsAreOurs;
            case ANSWERED, TOKEN_REFUSED, USER_REFUSED, UNAVAILABLE, CANCELLED -> false;
        };
    }

    private void write(Throwable failure, Optional<String> traceId, String end) {
        LOG.warnf(
                "%s: %s%s%s%s",
                operation,
                failure.getMessage(),
                verdict(failure).map(FailureLog::told).orElse(""),
                traceId.map(id -> ", trace " + id).orElse(""),
                end);
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
