package io.github.mfagateway.genauth.resilience;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

import org.jboss.logging.Logger;

import io.github.mfagateway.genauth.FailureKind;
import io.github.mfagateway.genauth.GenAuthException;
import io.github.mfagateway.genauth.GenAuthStatus;
import io.github.mfagateway.observability.LogThrottle;

/** Logs failed calls of one operation, and seldom a second one of the same kind. */
final class FailureLog {

    private static final Logger LOG = Logger.getLogger(FailureLog.class);

    private final String operation;
    private final Map<FailureKind, LogThrottle> kinds = new EnumMap<>(FailureKind.class);

    FailureLog(String operation, LongSupplier nanos) {
        this.operation = operation;
        for (FailureKind kind : FailureKind.values()) {
            kinds.put(kind, new LogThrottle(nanos));
        }
    }

    void failed(Throwable failure, Optional<String> traceId) {
        FailureKind kind = FailureKind.of(failure);
        if (kind.isLogged()) {
            kinds.get(kind).next().ifPresent(end -> write(failure, traceId, end));
        }
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

    private static Optional<GenAuthStatus> verdict(Throwable failure) {
        return failure instanceof GenAuthException ours ? ours.verdict() : Optional.empty();
    }

    private static String told(GenAuthStatus verdict) {
        return " (statusCode " + verdict.statusCode()
                + (verdict.apiCode() == null ? "" : ", apiCode " + verdict.apiCode())
                + (verdict.requestId() == null ? "" : ", requestId " + verdict.requestId())
                + ")";
    }
}
