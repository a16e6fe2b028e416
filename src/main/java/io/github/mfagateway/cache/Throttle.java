package io.github.mfagateway.cache;

/** Whether a key's load may start now (FusionCache: fail-safe throttle), and if not, why. */
enum Throttle {
    NONE,
    /** The last load failed in a way for which a stale response is no substitute. */
    FAILED,
    /** The last load found the origin unavailable, or exceeded the soft timeout. */
    UNAVAILABLE
}
