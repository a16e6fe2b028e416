package io.github.mfagateway.genauth;

import java.io.IOException;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Names the failure of a request on a connection that had served others and ended before the first byte of a response: mostly
 * GenAuth, or a proxy, closed it while it was idle. Stands before Vert.x's own handler in the pipeline.
 */
final class StaleConnectionHandler extends ChannelDuplexHandler {

    private static final String NAME = "stale-connection";

    // a connection's first stream (Http1xClientConnection)
    private static final int FIRST = 1;

    /** Of a reused connection, and no byte of the response has come. */
    private volatile boolean unanswered;

    /** Before the request is written; on any thread. */
    static void watch(HttpClientRequest request) {
        if (request.connection() instanceof ConnectionBase connection) {
            handler(connection.channelHandlerContext()).unanswered = request.streamId() > FIRST;
        }
    }

    /** One request at a time is on a connection, so nobody else adds it meanwhile. */
    private static StaleConnectionHandler handler(ChannelHandlerContext vertx) {
        ChannelPipeline pipeline = vertx.pipeline();
        StaleConnectionHandler handler = pipeline.get(StaleConnectionHandler.class);
        if (handler == null) {
            handler = new StaleConnectionHandler();
            pipeline.addBefore(vertx.name(), NAME, handler);
        }
        return handler;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        unanswered = false;
        context.fireChannelRead(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        boolean stale = unanswered && cause instanceof IOException;
        unanswered = false;
        context.fireExceptionCaught(stale ? new StaleConnectionException() : cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (unanswered) {
            unanswered = false;
            context.fireExceptionCaught(new StaleConnectionException());
        }
        context.fireChannelInactive();
    }

    /** Closed here, as when the deadline passes: that is not the other side's doing. */
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        unanswered = false;
        context.close(promise);
    }

    static final class StaleConnectionException extends IOException {

        private static final long serialVersionUID = 1L;

        StaleConnectionException() {
            super("a reused connection ended before the first byte of a response");
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
