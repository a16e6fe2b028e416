package io.github.mfagateway.factors;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Keeps what comes behind a refused request from being read as another one, until its connection is closed: whoever stands before
 * us may take it for the refused one's body (request smuggling). It may have been decoded by the time that the refusal is sent.
 */
@Sharable
final class Deafness extends ChannelInboundHandlerAdapter {

    // as Vert.x names it (HttpServerWorker); what comes from it is told to the next one at that moment
    private static final String DECODER = "httpDecoder";

    private static final Deafness DEAFNESS = new Deafness();

    private Deafness() {}

    /** To be called on the connection's event loop. */
    static void strike(HttpConnection connection) {
        ChannelHandlerContext vertx = ((ConnectionBase) connection).channelHandlerContext();
        vertx.pipeline().addAfter(DECODER, "deafness", DEAFNESS);
    }

    @Override
    public void channelRead(ChannelHandlerContext connection, Object message) {
        ReferenceCountUtil.release(message);
    }
}
