package io.github.mfagateway.redis;

/** Redis cannot be had now. */
final class SessionOverException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SessionOverException(String why) {
        super(why, null, false, false);
    }
}
