package io.github.mfagateway.factors;

import java.time.Duration;

import io.github.mfagateway.genauth.GenAuthException;

/** What a caller is told when GenAuth refuses, fails, or cannot be asked. */
final class GenAuthProblems {

    private GenAuthProblems() {}

    static Problem problem(GenAuthException failure) {
        String detail = failure.getMessage();
        if (failure instanceof GenAuthException.TokenRefused) {
            return Problem.of(
                    401,
                    "token-refused",
                    "GenAuth does not accept this access token",
                    "It is expired, revoked, or not one of this application: sign the user in again");
        } else if (failure instanceof GenAuthException.UserRefused) {
            return Problem.of(
                    403,
                    "user-refused",
                    "GenAuth refuses this user",
                    "The user is locked, disabled, or not allowed in this application");
        } else if (failure instanceof GenAuthException.Rejected) {
            return Problem.of(
                    502,
                    "genauth-rejected",
                    "GenAuth rejected the gateway's call",
                    "Look up genauthStatusCode and genauthApiCode; the gateway's app id and GenAuth's plan are the usual reasons");
        } else if (failure instanceof GenAuthException.Failed) {
            return Problem.of(502, "genauth-failed", "GenAuth failed", detail);
        } else if (failure instanceof GenAuthException.TimedOut) {
            return Problem.of(504, "genauth-timeout", "GenAuth did not answer in time", detail);
        } else if (failure instanceof GenAuthException.Throttled) {
            return Problem.of(
                    503,
                    "genauth-throttled",
                    "GenAuth limits the rate of calls",
                    "Come back after Retry-After seconds");
        } else if (failure instanceof GenAuthException.Unavailable) {
            return Problem.of(503, "genauth-unavailable", "GenAuth is not asked for a moment", detail);
        } else if (failure instanceof GenAuthException.Overloaded) {
            return Problem.of(503, "overloaded", "Too many calls to GenAuth at once", detail);
        }
        throw new IllegalStateException("no problem for " + failure.getClass());
    }

    /** When it makes sense to come back; null when nobody can know. */
    static Duration retryAfter(GenAuthException failure) {
        if (failure instanceof GenAuthException.Throttled throttled) {
            return throttled.retryAfter();
        } else if (failure instanceof GenAuthException.Unavailable unavailable) {
            return unavailable.retryAfter();
        }
        return failure instanceof GenAuthException.Overloaded ? Duration.ofSeconds(1) : null;
    }
}
