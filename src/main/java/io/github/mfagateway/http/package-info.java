/**
 * HTTP below JAX-RS: what a connection may send, in which order it is handled, and responses that need no JAX-RS.
 * {@link io.github.mfagateway.http.HttpEdge} states the order of all handlers and filters. Only
 * {@link io.github.mfagateway.http.ServerTransport} knows internals of Vert.x. Resources, problems and tokens do not belong here.
 */
package io.github.mfagateway.http;
