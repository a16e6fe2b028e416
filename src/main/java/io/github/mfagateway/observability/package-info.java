/**
 * Health check of the settings, filter and throttle of log lines, the tracer.
 * Metrics belong to the class whose work they count.
 */
package io.github.mfagateway.observability;
