package io.github.mfagateway.cache;

/** The caller wants an answer from memory or none, and there is none. */
public final class NotCachedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotCachedException() {
        super("nothing in memory", null, false, false);
    }
}
