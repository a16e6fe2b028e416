package io.github.mfagateway.cache;

/** The request has {@code only-if-cached}, and no usable response is cached. */
public final class NotCachedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotCachedException() {
        super("not cached", null, false, false);
    }
}
