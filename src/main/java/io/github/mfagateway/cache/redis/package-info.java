/**
 * The cache that all replicas share, in Redis. {@link io.github.mfagateway.cache.redis.RedisSharedCache} is what the local
 * cache sees; {@link io.github.mfagateway.cache.redis.RedisSessions} decides when Redis may be believed;
 * {@link io.github.mfagateway.cache.redis.RedisCommands} is all that is asked of Redis. No freshness rules: they are the local cache's.
 */
package io.github.mfagateway.cache.redis;
