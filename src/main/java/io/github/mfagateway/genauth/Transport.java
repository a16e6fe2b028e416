package io.github.mfagateway.genauth;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

import io.netty.channel.ConnectTimeoutException;

/** Gives a failure below HTTP a name of ours; the libraries' own messages may quote addresses and bytes. */
final class Transport {

    private static final String UNACCEPTABLE_TLS = "GenAuth's TLS certificate or handshake is not acceptable";

    private Transport() {}

    static Throwable named(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof GenAuthException) {
                return cause;
            }
            if (cause instanceof Connection.BodyTooLargeException) {
                return new GenAuthException.Failed("GenAuth answered with more than 64 KiB", false, null);
            }
            if (cause instanceof StaleConnectionHandler.StaleConnectionException) {
                return GenAuthException.Failed.staleConnection();
            }
            if (cause instanceof ConnectTimeoutException) {
                return GenAuthException.Failed.notReached(
                        "GenAuth takes no connection within the connect timeout", true);
            }
            if (cause instanceof ConnectException) {
                return GenAuthException.Failed.notReached("GenAuth refuses connections", true);
            }
            if (cause instanceof UnknownHostException) {
                return GenAuthException.Failed.notReached("GenAuth's host name is not known", true);
            }
            if (cause instanceof SSLHandshakeException) {
                return GenAuthException.Failed.notReached(UNACCEPTABLE_TLS, false);
            }
            if (cause instanceof SSLException) {
                return new GenAuthException.Failed(UNACCEPTABLE_TLS, false, null);
            }
            if (cause instanceof IOException) {
                return new GenAuthException.Failed("GenAuth closed the connection before it had answered", true, null);
            }
        }
        return new GenAuthException.Failed("GenAuth's answer could not be read as HTTP", false, null);
    }
}
