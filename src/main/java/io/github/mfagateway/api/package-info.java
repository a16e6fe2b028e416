/**
 * The public HTTP API: resources, request validation, bearer token, cache headers, OpenAPI.
 * No caching and no call to GenAuth: resources call {@link io.github.mfagateway.factors}.
 */
package io.github.mfagateway.api;
