/**
 * GenAuth's client: the MicroProfile REST client, its connections, the envelope, and the kinds of failures.
 * Independent of the public API and its statuses.
 */
package io.github.mfagateway.genauth;
