/**
 * GenAuth's client: the MicroProfile REST client, its connections, the envelope, and the kinds of failures.
 * Knows no status of the public API.
 */
package io.github.mfagateway.genauth;
