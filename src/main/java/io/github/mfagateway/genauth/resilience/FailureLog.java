package io.github.mfagateway.genauth.resilience;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

import org.jboss.logging.Logger;

import io.github.mfagateway.genauth.EnvelopeStatus;
import io.github.mfagateway.genauth.FailureKind;
import io.github.mfagateway.genauth.GenAuthException;
import io.github.mfagateway.observability.LogThrottle;

/** Logs failed calls of one operation, throttled for each kind of failure. */
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
                genauthStatus(failure).map(FailureLog::text).orElse(""),
                traceId.map(id -> ", trace " + id).orElse(""),
                end);
    }

    private static Optional<EnvelopeStatus> genauthStatus(Throwable failure) {
        return failure instanceof GenAuthException genauth ? genauth.genauthStatus() : Optional.empty();
    }

    private static String text(EnvelopeStatus genauthStatus) {
        return " (statusCode " + genauthStatus.statusCode()
                + (genauthStatus.apiCode() == null ? "" : ", apiCode " + genauthStatus.apiCode())
                + (genauthStatus.requestId() == null ? "" : ", requestId " + genauthStatus.requestId())
                + ")";
    }
}
