/**
 * Health check of the settings, filter and throttle of log lines, the tracer.
 * Metrics belong to the package of the class that they measure.
 */
package io.github.mfagateway.observability;
