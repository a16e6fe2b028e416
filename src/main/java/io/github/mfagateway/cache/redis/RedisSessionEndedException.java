package io.github.mfagateway.cache.redis;

/** Why Redis is not used until the next session. */
final class RedisSessionEndedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RedisSessionEndedException(String why) {
        super(why, null, false, false);
    }
}
