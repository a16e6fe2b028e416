/**
 * The response cache: freshness, single flight, fail-safe, invalidation; and the interface of the shared cache.
 * Knows neither HTTP nor GenAuth nor Redis.
 */
package io.github.mfagateway.cache;
