package io.github.mfagateway.genauth;

import java.util.Locale;

/**
 * Every way in which a call to GenAuth fails. Consequences are stated here, or in a switch that the compiler checks for
 * completeness.
 */
public enum FailureKind {
    /** GenAuth rejected the token: {@code statusCode} 401 or {@code apiCode} 2020, whatever the HTTP status. */
    TOKEN_REJECTED,
    /** GenAuth forbids the user: locked, disabled, or not allowed in this application. */
    USER_FORBIDDEN,
    /** GenAuth rejected what the caller sent, with 400, 404, 409, 413 or 422. */
    INPUT_REJECTED,
    /** GenAuth rejected the call with another 4xx: the gateway's app id and GenAuth's plan are the usual reasons. */
    REJECTED,
    /** GenAuth failed or was unreachable, its response was invalid, or a proxy responded in its place. */
    FAILED,
    /** No response within the deadline. */
    TIMEOUT,
    /** GenAuth limits the rate of calls (429). */
    THROTTLED,
    /** No call was made, because the circuit breaker is open. */
    UNAVAILABLE,
    /** No call was made, because the gateway's own limits are reached. */
    OVERLOADED;

    /** A failure that is not a {@link GenAuthException} is a defect, and counts as {@link #FAILED}. */
    public static FailureKind of(Throwable failure) {
        return failure instanceof GenAuthException genauth ? genauth.kind() : FAILED;
    }

    /** The {@code outcome} in metrics and spans. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether a span has the status ERROR: a rejected token is no error. */
    public boolean isError() {
        return switch (this) {
            case TOKEN_REJECTED, USER_FORBIDDEN -> false;
            case INPUT_REJECTED, REJECTED, FAILED, TIMEOUT, THROTTLED, UNAVAILABLE, OVERLOADED -> true;
        };
    }

    /** Whether the circuit breaker counts it: a rejection does not mean that GenAuth is failing. */
    boolean countsForBreaker() {
        return switch (this) {
            case FAILED, TIMEOUT, THROTTLED -> true;
            case TOKEN_REJECTED, USER_FORBIDDEN, INPUT_REJECTED, REJECTED, UNAVAILABLE, OVERLOADED -> false;
        };
    }

    /** Whether it is logged; the circuit breaker has log lines of its own. */
    public boolean isLogged() {
        return switch (this) {
            case REJECTED, FAILED, TIMEOUT, THROTTLED, OVERLOADED -> true;
            case TOKEN_REJECTED, USER_FORBIDDEN, INPUT_REJECTED, UNAVAILABLE -> false;
        };
    }

    /** Whether GenAuth was called. */
    public boolean hasExchange() {
        return switch (this) {
            case UNAVAILABLE, OVERLOADED -> false;
            case TOKEN_REJECTED, USER_FORBIDDEN, INPUT_REJECTED, REJECTED, FAILED, TIMEOUT, THROTTLED -> true;
        };
    }
}
