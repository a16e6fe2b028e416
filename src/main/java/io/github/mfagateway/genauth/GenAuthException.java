package io.github.mfagateway.genauth;

import java.time.Duration;
import java.util.Optional;

/**
 * Why there is no answer. Messages are our own words: GenAuth's text is never among them. Without a stack trace, since
 * a failing GenAuth makes thousands.
 */
public abstract sealed class GenAuthException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Verdict verdict;

    private GenAuthException(String message, Verdict verdict) {
        super(message, null, false, false);
        this.verdict = verdict;
    }

    /** What GenAuth itself said, if it said anything that could be read. */
    public Optional<Verdict> verdict() {
        return Optional.ofNullable(verdict);
    }

    /** GenAuth does not accept the token: {@code statusCode} 401 or {@code apiCode} 2020, whatever the HTTP status. */
    public static final class TokenRefused extends GenAuthException {
        private static final long serialVersionUID = 1L;

        TokenRefused(Verdict verdict) {
            super("GenAuth does not accept this access token", verdict);
        }
    }

    /** GenAuth knows the user and says no: locked, disabled, or not allowed here. */
    public static final class UserRefused extends GenAuthException {
        private static final long serialVersionUID = 1L;

        UserRefused(Verdict verdict) {
            super("GenAuth refuses this user", verdict);
        }
    }

    /** GenAuth refuses the call in any other 4xx way. */
    public static final class Rejected extends GenAuthException {
        private static final long serialVersionUID = 1L;

        Rejected(Verdict verdict) {
            super("GenAuth rejected the call", verdict);
        }
    }

    /** GenAuth failed, could not be reached, or said something that is no answer. */
    public static final class Failed extends GenAuthException {
        private static final long serialVersionUID = 1L;

        private final boolean passing;
        private final boolean reached;
        private final boolean staleConnection;

        Failed(String what, boolean passing, Verdict verdict) {
            this(what, passing, true, false, verdict);
        }

        private Failed(String what, boolean passing, boolean reached, boolean staleConnection, Verdict verdict) {
            super(what, verdict);
            this.passing = passing;
            this.reached = reached;
            this.staleConnection = staleConnection;
        }

        /** No connection was made: whatever was asked for was not done. */
        static Failed notReached(String why, boolean passing) {
            return new Failed(why, passing, false, false, null);
        }

        /** The connection ended before the request was sent on it: whatever was asked for was not done. */
        static Failed notSent(String why, boolean reusedConnection) {
            return new Failed(why, true, false, reusedConnection, null);
        }

        /** A reused connection ended before the first byte of a response; whether the call was received is unknown. */
        static Failed staleConnection() {
            return new Failed("GenAuth closed a reused connection before it responded", true, true, true, null);
        }

        /** A proxy responded in GenAuth's place: GenAuth was not called. */
        static Failed rejectedByProxy(int http) {
            return new Failed(
                    "HTTP status " + http + " without GenAuth's envelope: from a proxy, not from GenAuth",
                    false,
                    false,
                    false,
                    null);
        }

        /** Whether GenAuth may have had the call. */
        public boolean hasReachedGenAuth() {
            return reached;
        }

        /** The same, and there is no other try. */
        Failed lasting() {
            return new Failed(
                    getMessage(), false, reached, staleConnection, verdict().orElse(null));
        }

        /** Whether only the connection may be at fault, not GenAuth: a retry takes nothing from the reserve. */
        boolean isStaleConnection() {
            return staleConnection;
        }

        /** Whether the same call may well succeed a moment later. */
        boolean isPassing() {
            return passing;
        }
    }

    /** No answer within the deadline. */
    public static final class TimedOut extends GenAuthException {
        private static final long serialVersionUID = 1L;

        public TimedOut(Duration deadline) {
            super("GenAuth did not answer within %d ms".formatted(deadline.toMillis()), null);
        }
    }

    /** GenAuth limits our rate (429). */
    public static final class Throttled extends GenAuthException {
        private static final long serialVersionUID = 1L;

        private final Duration retryAfter;

        Throttled(Duration retryAfter, Verdict verdict) {
            super("GenAuth limits the rate of calls", verdict);
            this.retryAfter = retryAfter;
        }

        public Duration retryAfter() {
            return retryAfter;
        }
    }

    /** GenAuth was not asked: it failed too often of late. */
    public static final class Unavailable extends GenAuthException {
        private static final long serialVersionUID = 1L;

        private final Duration retryAfter;

        Unavailable(Duration retryAfter) {
            super("GenAuth has failed too often of late and is not asked for a moment", null);
            this.retryAfter = retryAfter;
        }

        public Duration retryAfter() {
            return retryAfter;
        }
    }

    /** GenAuth was not asked: more calls to it than we allow ourselves. */
    public static final class Overloaded extends GenAuthException {
        private static final long serialVersionUID = 1L;

        Overloaded(String why) {
            super(why, null);
        }
    }
}
