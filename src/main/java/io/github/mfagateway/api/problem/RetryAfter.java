package io.github.mfagateway.api.problem;

import java.time.Duration;

/** {@code Retry-After} (RFC 9110, section 10.2.3). */
public final class RetryAfter {

    private RetryAfter() {}

    /** Whole seconds, rounded up, and at least one. */
    public static long seconds(Duration left) {
        return Math.max(1, left.plusMillis(999).toSeconds());
    }
}
