/**
 * The parts of the OpenAPI document that all operations share, written at build time.
 * An operation itself is described at its resource.
 */
package io.github.mfagateway.api.openapi;
