/**
 * Failures as problem details (RFC 9457): every type with its status and title, and the one mapping from exceptions.
 * What a failure is, and which kinds there are, belongs to {@link io.github.mfagateway.genauth}.
 */
package io.github.mfagateway.api.problem;
