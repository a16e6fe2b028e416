package io.github.mfagateway.factors;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/**
 * Stands in a connection's pipeline between HTTP's codec and Vert.x, and answers there what can be answered at once. Answers
 * go out in the order of their questions (RFC 9112, section 9.3.2): while Vert.x has one to answer, everything goes to Vert.x.
 */
final class Shortcut extends ChannelDuplexHandler {

    /** Answers at once, or not at all. */
    interface Answers {
        /**
         * @param out empty; for the whole answer, head and body
         * @return false if it is to be answered the long way, and nothing was written
         */
        boolean answer(HttpRequest request, ByteBuf out);
    }

    // as Vert.x names them (HttpServerWorker)
    private static final String DECODER = "httpDecoder";
    // a head of 300 bytes and a list of some dozens; it grows
    private static final int COMMON_SIZE = 1024;

    private final Answers answers;
    // what is written here goes by the encoder, which it does not need
    private final ChannelHandlerContext wire;
    private int unanswered = 1;
    private boolean last;
    private boolean answered;
    private boolean unsent;

    private Shortcut(Answers answers, ChannelHandlerContext wire) {
        this.answers = answers;
        this.wire = wire;
    }

    /**
     * To be called while the connection's first request is on its way up, on its event loop.
     *
     * @param vertx the connection's, at the end of its pipeline
     */
    static void bring(ChannelHandlerContext vertx, Answers answers) {
        ChannelPipeline pipeline = vertx.pipeline();
        ChannelHandlerContext wire = pipeline.context(DECODER);
        // HTTP/2 has none
        if (wire != null && pipeline.get(Shortcut.class) == null) {
            pipeline.addBefore(vertx.name(), "shortcut", new Shortcut(answers, wire));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext vertx, Object message) {
        if (message instanceof HttpRequest request) {
            answered = unanswered == 0 && !last && vertx.channel().isWritable() && answer(request);
            if (!answered) {
                unanswered++;
                last = last || !HttpUtil.isKeepAlive(request);
                vertx.fireChannelRead(message);
            }
        } else if (answered) {
            // the end of a request without a body
            ReferenceCountUtil.release(message);
        } else {
            vertx.fireChannelRead(message);
        }
    }

    private boolean answer(HttpRequest request) {
        ByteBuf out = wire.alloc().ioBuffer(COMMON_SIZE);
        boolean done = false;
        try {
            done = answers.answer(request, out);
        } finally {
            if (!done) {
                out.release();
            }
        }
        if (done) {
            wire.write(out, wire.voidPromise());
            unsent = true;
        }
        return done;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext vertx) {
        if (unsent) {
            unsent = false;
            wire.flush();
        }
        vertx.fireChannelReadComplete();
    }

    @Override
    public void write(ChannelHandlerContext vertx, Object message, ChannelPromise promise) {
        boolean informational = message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        if (message instanceof LastHttpContent && !informational) {
            unanswered--;
        }
        vertx.write(message, promise);
    }
}
