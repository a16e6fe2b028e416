/**
 * All settings, their converters, and the one check at startup that reports every problem at once.
 * Defaults and their reasons are in {@code application.properties}.
 */
package io.github.mfagateway.config;
