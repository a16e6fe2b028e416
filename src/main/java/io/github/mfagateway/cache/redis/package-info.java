/**
 * The cache that all replicas share, in Redis. {@link io.github.mfagateway.cache.redis.RedisSharedCache} is its entry point,
 * {@link io.github.mfagateway.cache.redis.RedisSessionLifecycle} decides when Redis is used, and
 * {@link io.github.mfagateway.cache.redis.RedisCommands} has all commands. Freshness belongs to the local cache.
 */
package io.github.mfagateway.cache.redis;
