package io.github.mfagateway.genauth;

import java.io.IOException;
import java.time.Duration;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.PendingWriteQueue;
import io.netty.channel.nio.AbstractNioChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Makes one connection safe for requests of several users. {@link OneResponsePerRequestCodec} replaces Vert.x' codec, and all bytes
 * that have arrived are read before a request is sent. Uses internals of Vert.x and Netty: a connection's channel, the
 * handlers' names, and a read that the event loop did not start.
 */
final class GenAuthConnectionHandler extends ChannelDuplexHandler {

    static final String CODEC = "codec";
    static final String NAME = "genauth";

    private final HttpConnection connection;

    // one request at most, since Vert.x does not pipeline
    private PendingWriteQueue held;
    private boolean reused;
    // the in-flight request is not the connection's first, and no byte of its response has arrived
    private boolean stale;

    private GenAuthConnectionHandler(HttpConnection connection) {
        this.connection = connection;
    }

    /**
     * Called before each request is sent; only the first call for a connection has an effect.
     *
     * @param maxAge the connection is not used again after this time
     * @param onUnsolicited called when GenAuth sends an unsolicited response
     */
    static void install(HttpConnection connection, Duration maxAge, Runnable onUnsolicited) {
        ConnectionBase base = (ConnectionBase) connection;
        EventLoop eventLoop = base.channel().eventLoop();
        Runnable installation = () -> {
            ChannelPipeline pipeline = base.channel().pipeline();
            if (pipeline.get(NAME) == null && base.channel().isActive()) {
                GenAuthConnectionHandler handler = new GenAuthConnectionHandler(connection);
                pipeline.replace(
                        CODEC,
                        CODEC,
                        new OneResponsePerRequestCodec(maxAge, onUnsolicited, () -> handler.stale = false));
                pipeline.addAfter(CODEC, NAME, handler);
            }
        };
        if (eventLoop.inEventLoop()) {
            installation.run();
        } else {
            eventLoop.execute(installation);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        held = new PendingWriteQueue(ctx);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof HttpRequest) {
            stale = reused;
            reused = true;
        }
        if (held.isEmpty() && !(message instanceof HttpRequest)) {
            ctx.write(message, promise);
            return;
        }
        if (held.isEmpty()) {
            // deferred, because a read of the same channel may have called this
            ctx.executor().execute(() -> sendHeld(ctx));
        }
        held.add(message, promise);
    }

    private void sendHeld(ChannelHandlerContext ctx) {
        if (ctx.channel().isActive()) {
            ((AbstractNioChannel.NioUnsafe) ctx.channel().unsafe()).read();
        }
        if (ctx.channel().isActive()) {
            held.removeAndWriteAll();
            ctx.flush();
        } else {
            failHeld(ctx);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        failHeld(ctx);
        if (stale) {
            stale = false;
            ctx.fireExceptionCaught(GenAuthException.Failed.staleConnection());
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.fireExceptionCaught(named(cause));
        stale = false;
        // removes it from the pool at once, not only when the channel is closed
        connection.close();
    }

    private Throwable named(Throwable cause) {
        if (cause instanceof GenAuthException) {
            return cause;
        } else if (!held.isEmpty()) {
            return TransportFailures.closedBeforeRequest(stale);
        }
        return stale && cause instanceof IOException ? GenAuthException.Failed.staleConnection() : cause;
    }

    /** A close by the gateway, for example at the deadline, is not a stale connection. */
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        stale = false;
        ctx.close(promise);
    }

    private void failHeld(ChannelHandlerContext ctx) {
        if (!held.isEmpty()) {
            GenAuthException notSent = TransportFailures.closedBeforeRequest(stale);
            stale = false;
            ctx.fireExceptionCaught(notSent);
            held.removeAndFailAll(notSent);
        }
    }
}
