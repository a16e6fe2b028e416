/**
 * Bulkhead, retry, circuit breaker and deadline around each call to GenAuth; their metrics, spans and log lines.
 * Requests and the parsing of responses belong to {@link io.github.mfagateway.genauth}.
 */
package io.github.mfagateway.genauth.resilience;
