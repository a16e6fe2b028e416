package io.github.mfagateway.genauth;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.vertx.core.http.HttpClosedException;

/** Maps transport failures to {@link GenAuthException}s, because the libraries' messages may quote addresses and bytes. */
public final class TransportFailures {

    private static final String UNACCEPTABLE_TLS = "GenAuth's TLS certificate or handshake is not acceptable";

    private TransportFailures() {}

    public static Throwable named(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof GenAuthException) {
                return cause;
            }
            if (cause instanceof ConnectTimeoutException) {
                return GenAuthException.Failed.notReached(
                        "GenAuth accepts no connection within the connect timeout", true);
            }
            if (cause instanceof ConnectException) {
                return GenAuthException.Failed.notReached("GenAuth refuses connections", true);
            }
            if (cause instanceof UnknownHostException) {
                return GenAuthException.Failed.notReached("GenAuth's host name is unknown", true);
            }
            if (cause instanceof SSLHandshakeException) {
                return GenAuthException.Failed.notReached(UNACCEPTABLE_TLS, false);
            }
            if (cause instanceof SSLException) {
                return new GenAuthException.Failed(UNACCEPTABLE_TLS, false, null);
            }
            if (cause instanceof IOException
                    || cause instanceof HttpClosedException
                    || cause instanceof PrematureChannelClosureException) {
                return new GenAuthException.Failed(
                        "GenAuth closed the connection before the response was complete", true, null);
            }
        }
        return new GenAuthException.Failed("GenAuth's response is not HTTP", false, null);
    }

    static GenAuthException bodyTooLarge() {
        return new GenAuthException.Failed("GenAuth responded with more than 64 KiB", false, null);
    }

    static GenAuthException unsolicitedResponse() {
        return GenAuthException.Failed.notReached("GenAuth sent a response without a request", true);
    }

    /** @param reused whether the connection had served another request */
    static GenAuthException closedBeforeRequest(boolean reused) {
        return GenAuthException.Failed.notSent("GenAuth closed the connection before the request was sent", reused);
    }

    static GenAuthException switchedProtocols() {
        return new GenAuthException.Failed("GenAuth switched protocols", false, null);
    }

    static GenAuthException tooManyInterimResponses() {
        return new GenAuthException.Failed("GenAuth sent too many interim responses", false, null);
    }
}
