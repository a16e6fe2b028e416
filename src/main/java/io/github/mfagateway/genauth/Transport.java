package io.github.mfagateway.genauth;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;

import javax.net.ssl.SSLException;

/** Gives a failure below HTTP a name of ours; the libraries' own messages may quote addresses and bytes. */
final class Transport {

    private Transport() {}

    static Throwable named(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof GenAuthException) {
                return cause;
            }
            if (cause instanceof Connection.BodyTooLargeException) {
                return new GenAuthException.Failed("GenAuth answered with more than 64 KiB", false, null);
            }
            if (cause instanceof ConnectException) {
                return new GenAuthException.Failed("GenAuth refuses connections", true, null);
            }
            if (cause instanceof UnknownHostException) {
                return new GenAuthException.Failed("GenAuth's host name is not known", true, null);
            }
            if (cause instanceof SSLException) {
                return new GenAuthException.Failed(
                        "GenAuth's TLS certificate or handshake is not acceptable", false, null);
            }
            if (cause instanceof IOException) {
                return new GenAuthException.Failed("GenAuth closed the connection before it had answered", true, null);
            }
        }
        return new GenAuthException.Failed("GenAuth's answer could not be read as HTTP", false, null);
    }
}
