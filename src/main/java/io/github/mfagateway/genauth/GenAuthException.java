package io.github.mfagateway.genauth;

import java.time.Duration;
import java.util.Optional;

/**
 * A failed call to GenAuth. Messages never contain GenAuth's text. Has no stack trace, because a failing GenAuth causes
 * thousands.
 */
public sealed class GenAuthException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final FailureKind kind;
    private final transient EnvelopeStatus genauthStatus;
    private final transient Duration retryAfter;

    private GenAuthException(FailureKind kind, String message, EnvelopeStatus genauthStatus, Duration retryAfter) {
        super(message, null, false, false);
        this.kind = kind;
        this.genauthStatus = genauthStatus;
        this.retryAfter = retryAfter;
    }

    public static GenAuthException tokenRejected(EnvelopeStatus genauthStatus) {
        return new GenAuthException(
                FailureKind.TOKEN_REJECTED, "GenAuth rejected the access token", genauthStatus, null);
    }

    public static GenAuthException userForbidden(EnvelopeStatus genauthStatus) {
        return new GenAuthException(FailureKind.USER_FORBIDDEN, "GenAuth forbids this user", genauthStatus, null);
    }

    public static GenAuthException inputRejected(EnvelopeStatus genauthStatus) {
        return new GenAuthException(FailureKind.INPUT_REJECTED, "GenAuth rejected the request", genauthStatus, null);
    }

    public static GenAuthException rejected(EnvelopeStatus genauthStatus) {
        return new GenAuthException(FailureKind.REJECTED, "GenAuth rejected the call", genauthStatus, null);
    }

    public static GenAuthException timedOut(Duration deadline) {
        return new GenAuthException(
                FailureKind.TIMEOUT, "GenAuth did not respond within %d ms".formatted(deadline.toMillis()), null, null);
    }

    static GenAuthException throttled(Duration retryAfter, EnvelopeStatus genauthStatus) {
        return new GenAuthException(
                FailureKind.THROTTLED, "GenAuth limits the rate of calls", genauthStatus, retryAfter);
    }

    /** @param retryAfter until the circuit breaker lets a call through */
    public static GenAuthException unavailable(Duration retryAfter) {
        return new GenAuthException(
                FailureKind.UNAVAILABLE, "GenAuth failed too often: the circuit breaker is open", null, retryAfter);
    }

    public static GenAuthException overloaded(String why) {
        return new GenAuthException(FailureKind.OVERLOADED, why, null, Duration.ofSeconds(1));
    }

    public FailureKind kind() {
        return kind;
    }

    /** Empty if the response has no envelope. */
    public Optional<EnvelopeStatus> genauthStatus() {
        return Optional.ofNullable(genauthStatus);
    }

    /** The delay after which the same call may succeed, if it is known. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** Whether GenAuth may have executed a write that failed like this. */
    public boolean mayBeExecuted() {
        return kind == FailureKind.TIMEOUT;
    }

    /** Whether the circuit breaker counts it. */
    public boolean countsForBreaker() {
        return kind.countsForBreaker();
    }

    /** {@link FailureKind#FAILED}, with what a retry and the circuit breaker need. */
    public static final class Failed extends GenAuthException {
        private static final long serialVersionUID = 1L;

        private final boolean transientFailure;
        private final boolean reached;
        private final boolean staleConnection;
        private final boolean maybeByInput;

        public Failed(String what, boolean transientFailure, EnvelopeStatus genauthStatus) {
            this(what, transientFailure, true, false, false, genauthStatus);
        }

        private Failed(
                String what,
                boolean transientFailure,
                boolean reached,
                boolean staleConnection,
                boolean maybeByInput,
                EnvelopeStatus genauthStatus) {
            super(FailureKind.FAILED, what, genauthStatus, null);
            this.transientFailure = transientFailure;
            this.reached = reached;
            this.staleConnection = staleConnection;
            this.maybeByInput = maybeByInput;
        }

        /** No connection was made: the call was not executed. */
        static Failed notReached(String why, boolean transientFailure) {
            return new Failed(why, transientFailure, false, false, false, null);
        }

        /** The connection ended before the request was sent on it: the call was not executed. */
        static Failed notSent(String why, boolean reusedConnection) {
            return new Failed(why, true, false, reusedConnection, false, null);
        }

        /** A reused connection ended before the first byte of a response; whether the call was received is unknown. */
        static Failed staleConnection() {
            return new Failed("GenAuth closed a reused connection before it responded", true, true, true, false, null);
        }

        /**
         * A proxy responded in GenAuth's place. GenAuth was not called, unless the proxy timed out (408, 499). All but 401, 403
         * and 407 may be caused by the caller's input, such as a token that is too long for the proxy.
         */
        static Failed rejectedByProxy(int http) {
            return new Failed(
                    "HTTP status " + http + " without GenAuth's envelope: from a proxy, not from GenAuth",
                    false,
                    http == 408 || http == 499,
                    false,
                    http != 401 && http != 403 && http != 407,
                    null);
        }

        @Override
        public boolean mayBeExecuted() {
            return reached;
        }

        /** The same, and not to be retried. */
        public Failed lasting() {
            return new Failed(
                    getMessage(),
                    false,
                    reached,
                    staleConnection,
                    maybeByInput,
                    genauthStatus().orElse(null));
        }

        /** The same, and the caller's input may be the reason. */
        Failed maybeByInput() {
            return new Failed(
                    getMessage(),
                    transientFailure,
                    reached,
                    staleConnection,
                    true,
                    genauthStatus().orElse(null));
        }

        /** One caller must not be able to open the breaker for all. */
        @Override
        public boolean countsForBreaker() {
            return !maybeByInput;
        }

        /** Whether a reused connection was closed by GenAuth: its retry does not use the retry budget. */
        public boolean isStaleConnection() {
            return staleConnection;
        }

        /** Whether the same call may succeed a moment later. */
        public boolean isTransient() {
            return transientFailure;
        }
    }
}
