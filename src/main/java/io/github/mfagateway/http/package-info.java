/**
 * HTTP below JAX-RS: limits of connections and requests, the order of handlers, and responses that need no JAX-RS.
 * {@link io.github.mfagateway.http.HttpHandlers} states the order of all handlers and filters. Only
 * {@link io.github.mfagateway.http.ServerTransport} depends on internals of Vert.x. Resources, problems and tokens do not belong here.
 */
package io.github.mfagateway.http;
