/**
 * Bulkhead, retry, circuit breaker and deadline around each call to GenAuth; their metrics, spans and log lines.
 * What is sent and what a response means belongs to {@link io.github.mfagateway.genauth}.
 */
package io.github.mfagateway.genauth.resilience;
