/**
 * GenAuth's own paths and envelope under {@code /api/v3}, for programs that use one of its SDKs.
 * Only the format differs from {@link io.github.mfagateway.api}.
 */
package io.github.mfagateway.api.compat;
