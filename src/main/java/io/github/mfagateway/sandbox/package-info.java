/**
 * A stand-in for GenAuth in dev mode, in tests and in the demo. The packaged gateway does not contain it.
 */
package io.github.mfagateway.sandbox;
