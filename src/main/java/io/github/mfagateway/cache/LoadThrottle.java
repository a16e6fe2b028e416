package io.github.mfagateway.cache;

/** Whether a key's load may start now (FusionCache: fail-safe throttle), and if not, why. */
enum LoadThrottle {
    NONE,
    /** The last load failed in a way that does not allow a stale response. */
    FAILED,
    /** The last load found the origin unavailable. */
    UNAVAILABLE,
    /** The gateway's own limits did not admit the last load. */
    OVERLOADED,
    /** The last load exceeded the soft timeout. */
    LATE,
    /** A throttle because of a late load has ended, and the origin has not responded since: no caller waits for a load. */
    ENDED_LATE;

    boolean allowsLoad() {
        return this == NONE || this == ENDED_LATE;
    }

    static LoadThrottle of(LoadOutcome outcome) {
        return switch (outcome) {
            case UNAVAILABLE -> UNAVAILABLE;
            case OVERLOADED -> OVERLOADED;
            default -> FAILED;
        };
    }
}
