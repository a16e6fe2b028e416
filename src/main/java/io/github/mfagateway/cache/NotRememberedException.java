package io.github.mfagateway.cache;

/** The caller wants an answer from memory or none, and there is none. */
public final class NotRememberedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotRememberedException() {
        super("nothing in memory", null, false, false);
    }
}
