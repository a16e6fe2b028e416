package io.github.mfagateway.cache;

/** How a load ended, as far as the memory cares. */
public enum Outcome {
    ANSWERED,
    /** No answer could be had: an old one may be given instead. */
    UNAVAILABLE,
    /** The key is refused, and will be for a moment: what is remembered for it goes, and the refusal is remembered. */
    REFUSED,
    /** The key is good but gets nothing: what is remembered for it goes. */
    BARRED,
    /** Any other failure: told as it is, and nothing changes. */
    FAILED
}
