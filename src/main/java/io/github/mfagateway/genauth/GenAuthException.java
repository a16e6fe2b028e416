package io.github.mfagateway.genauth;

import java.time.Duration;
import java.util.Optional;

/**
 * Why a call to GenAuth has no result. Messages are the gateway's own: GenAuth's text is never among them. Without a stack
 * trace, because a failing GenAuth causes thousands.
 */
public sealed class GenAuthException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final FailureKind kind;
    private final transient GenAuthStatus verdict;
    private final transient Duration retryAfter;

    private GenAuthException(FailureKind kind, String message, GenAuthStatus verdict, Duration retryAfter) {
        super(message, null, false, false);
        this.kind = kind;
        this.verdict = verdict;
        this.retryAfter = retryAfter;
    }

    public static GenAuthException tokenRejected(GenAuthStatus verdict) {
        return new GenAuthException(FailureKind.TOKEN_REJECTED, "GenAuth rejected the access token", verdict, null);
    }

    public static GenAuthException userForbidden(GenAuthStatus verdict) {
        return new GenAuthException(FailureKind.USER_FORBIDDEN, "GenAuth forbids this user", verdict, null);
    }

    public static GenAuthException inputRejected(GenAuthStatus verdict) {
        return new GenAuthException(FailureKind.INPUT_REJECTED, "GenAuth rejected the request", verdict, null);
    }

    public static GenAuthException rejected(GenAuthStatus verdict) {
        return new GenAuthException(FailureKind.REJECTED, "GenAuth rejected the call", verdict, null);
    }

    public static GenAuthException timedOut(Duration deadline) {
        return new GenAuthException(
                FailureKind.TIMEOUT, "GenAuth did not respond within %d ms".formatted(deadline.toMillis()), null, null);
    }

    static GenAuthException throttled(Duration retryAfter, GenAuthStatus verdict) {
        return new GenAuthException(FailureKind.THROTTLED, "GenAuth limits the rate of calls", verdict, retryAfter);
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

    /** What GenAuth's envelope said, if there was one. */
    public Optional<GenAuthStatus> verdict() {
        return Optional.ofNullable(verdict);
    }

    /** After which the same call may succeed, if that is known. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** Whether GenAuth may have executed a write that failed so. */
    public boolean mayBeExecuted() {
        return kind == FailureKind.TIMEOUT;
    }

    /** Whether the circuit breaker counts it. */
    public boolean countsForBreaker() {
        return kind.countsForBreaker();
    }

    /** {@link FailureKind#FAILED}, and what that says about the connection and a retry. */
    public static final class Failed extends GenAuthException {
        private static final long serialVersionUID = 1L;

        private final boolean passing;
        private final boolean reached;
        private final boolean staleConnection;
        private final boolean maybeByInput;

        public Failed(String what, boolean passing, GenAuthStatus verdict) {
            this(what, passing, true, false, false, verdict);
        }

        private Failed(
                String what,
                boolean passing,
                boolean reached,
                boolean staleConnection,
                boolean maybeByInput,
                GenAuthStatus verdict) {
            super(FailureKind.FAILED, what, verdict, null);
            this.passing = passing;
            this.reached = reached;
            this.staleConnection = staleConnection;
            this.maybeByInput = maybeByInput;
        }

        /** No connection was made: the call was not executed. */
        static Failed notReached(String why, boolean passing) {
            return new Failed(why, passing, false, false, false, null);
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
         * A proxy responded in GenAuth's place: GenAuth was not called, unless the proxy gave up waiting for it. Only 401, 403
         * and 407 are surely not about what the caller sent, such as a token that is too long for the proxy.
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
                    verdict().orElse(null));
        }

        /** The same, and the caller's input may be the reason. */
        Failed maybeByInput() {
            return new Failed(
                    getMessage(),
                    passing,
                    reached,
                    staleConnection,
                    true,
                    verdict().orElse(null));
        }

        /** One caller must not be able to open the breaker for all. */
        @Override
        public boolean countsForBreaker() {
            return !maybeByInput;
        }

        /** Whether only the connection may be at fault, not GenAuth: a retry takes nothing from the reserve. */
        public boolean isStaleConnection() {
            return staleConnection;
        }

        /** Whether the same call may succeed a moment later. */
        public boolean isPassing() {
            return passing;
        }
    }
}
