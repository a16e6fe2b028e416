/**
 * The response cache: freshness, single flight, fail-safe, invalidation; and the interface of the shared cache.
 * Independent of HTTP, GenAuth and Redis.
 */
package io.github.mfagateway.cache;
