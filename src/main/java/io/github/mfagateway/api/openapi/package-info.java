/**
 * What the OpenAPI document says of all operations, written at build time.
 * What one operation does is described at its resource.
 */
package io.github.mfagateway.api.openapi;
