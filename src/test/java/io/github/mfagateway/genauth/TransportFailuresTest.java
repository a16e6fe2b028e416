package io.github.mfagateway.genauth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.stream.Stream;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.http.HttpClosedException;

class TransportFailuresTest {

    static Stream<Arguments> failures() {
        return Stream.of(
                arguments(new ConnectException("refused"), false, "GenAuth refuses connections"),
                arguments(
                        new ConnectTimeoutException("timed out"),
                        false,
                        "GenAuth accepts no connection within the connect timeout"),
                arguments(
                        new HttpClosedException("closed"),
                        true,
                        "GenAuth closed the connection before the response was complete"),
                arguments(new UnknownHostException("host"), false, "GenAuth's host name is unknown"),
                arguments(
                        new SSLHandshakeException("bad"),
                        false,
                        "GenAuth's TLS certificate or handshake is not acceptable"),
                arguments(new SSLException("bad"), true, "GenAuth's TLS certificate or handshake is not acceptable"),
                arguments(
                        new IOException("reset"),
                        true,
                        "GenAuth closed the connection before the response was complete"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void onlyWhatFailedBeforeThereWasAConnectionDidNotReachGenAuth(Throwable failure, boolean reached, String what) {
        GenAuthException.Failed named =
                assertInstanceOf(GenAuthException.Failed.class, TransportFailures.named(new RuntimeException(failure)));

        assertEquals(reached, named.mayBeExecuted());
        assertEquals(what, named.getMessage());
    }
}
