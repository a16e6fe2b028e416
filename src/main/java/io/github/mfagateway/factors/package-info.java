/**
 * The two services: enrollable factors from the cache, and the user's own factors, whose changes invalidate it.
 * No HTTP and no format: the API serializes what is cached.
 */
package io.github.mfagateway.factors;
