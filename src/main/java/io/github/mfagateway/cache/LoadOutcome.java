package io.github.mfagateway.cache;

/** How a load ended, as far as it matters to the cache. */
public enum LoadOutcome {
    SUCCESS,
    /** The origin is unavailable: a stale response may be served. */
    UNAVAILABLE,
    /** The gateway's own limits did not admit the call: a stale response may be served. */
    OVERLOADED,
    /** The key is rejected: its entry is removed, and the rejection is cached. */
    REJECTED,
    /** The key's user is forbidden: its entry is removed. */
    FORBIDDEN,
    /** Any other failure: passed on, and the entry stays. */
    FAILED;

    /** Whether the cached entry is not served again. */
    boolean isRejection() {
        return this == REJECTED || this == FORBIDDEN;
    }

    /** Whether a stale response may be served instead. */
    boolean allowsStale() {
        return this == UNAVAILABLE || this == OVERLOADED;
    }
}
