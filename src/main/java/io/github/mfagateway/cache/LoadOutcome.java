package io.github.mfagateway.cache;

/** How a load ended, as far as the memory cares. */
public enum LoadOutcome {
    SUCCESS,
    /** No answer could be had: an old one may be given instead. */
    UNAVAILABLE,
    /** The gateway's own limits were reached, and no call was made: a stale response stands in, too. */
    OVERLOADED,
    /** The key is refused, and will be for a moment: what is remembered for it goes, and the refusal is remembered. */
    REJECTED,
    /** The key is good but gets nothing: what is remembered for it goes. */
    FORBIDDEN,
    /** Any other failure: told as it is, and nothing changes. */
    FAILED;

    /** Whether what is cached is not served again. */
    boolean isRejection() {
        return this == REJECTED || this == FORBIDDEN;
    }

    /** Whether a stale response may be served instead. */
    boolean allowsStale() {
        return this == UNAVAILABLE || this == OVERLOADED;
    }
}
