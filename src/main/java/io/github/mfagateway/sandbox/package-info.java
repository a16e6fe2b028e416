/**
 * A stand-in for GenAuth in dev mode and in tests. Not part of a production build.
 */
package io.github.mfagateway.sandbox;
