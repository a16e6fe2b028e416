package io.github.mfagateway.http;

import java.util.concurrent.TimeUnit;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/**
 * Closes a connection after its last response (RFC 9112, section 9.6). Closes the gateway's side first, then discards received
 * bytes for a second. Otherwise a caller who is still sending gets a reset instead of the response.
 */
final class LingeringClose {

    private static final long LINGER_MILLIS = 1000;

    private LingeringClose() {}

    /** @param unreadMillis after which the connection is closed although the caller has not read the response */
    static void after(ChannelFuture response, ChannelHandlerContext connection, long unreadMillis) {
        closeIn(connection, unreadMillis);
        response.addListener(sent -> endOutput(connection));
    }

    private static void endOutput(ChannelHandlerContext connection) {
        SslHandler tls = connection.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound();
        } else {
            ((DuplexChannel) connection.channel()).shutdownOutput();
        }
        connection.channel().config().setAutoRead(true);
        closeIn(connection, LINGER_MILLIS);
    }

    private static void closeIn(ChannelHandlerContext connection, long millis) {
        var timeout = connection.executor().schedule(() -> connection.close(), millis, TimeUnit.MILLISECONDS);
        connection.channel().closeFuture().addListener(closed -> timeout.cancel(false));
    }
}
