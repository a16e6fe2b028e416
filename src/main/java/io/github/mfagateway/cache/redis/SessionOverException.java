package io.github.mfagateway.cache.redis;

/** Why Redis is not used until the next session. */
final class SessionOverException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SessionOverException(String why) {
        super(why, null, false, false);
    }
}
