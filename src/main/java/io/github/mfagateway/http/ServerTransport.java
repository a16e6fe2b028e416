package io.github.mfagateway.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.quarkus.arc.Arc;
import io.vertx.core.impl.VertxBuilder;
import io.vertx.core.impl.transports.JDKTransport;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.spi.VertxServiceProvider;

/**
 * Puts {@link SequentialRequestDecoder} and {@link RequestGate} into the pipeline of each accepted connection, before its first
 * byte is read. Vert.x finds this class by {@code META-INF/services}; there is no other way to a connection that early.
 *
 * <p>Depends on internals of Vert.x: the names and the order of the handlers that its {@code HttpServerWorker} adds.
 */
public final class ServerTransport extends JDKTransport implements VertxServiceProvider {

    private static final String TLS = "ssl";
    private static final String DECODER = "httpDecoder";
    private static final String CONNECTION = "handler";

    // what one read may bring of pipelined requests; the first reads are smaller
    private static final int MAX_READ = 16 * 1024;
    // what waits for a caller who does not read, before nothing more is read from that caller
    private static final WriteBufferWaterMark UNSENT = new WriteBufferWaterMark(8 * 1024, 16 * 1024);

    @Override
    public void init(VertxBuilder builder) {
        builder.findTransport(this);
    }

    @Override
    public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
        super.configure(options, domainSocket, bootstrap);
        // other instances of Vert.x than Quarkus' own find this class too
        if (Arc.container() != null) {
            bootstrap.handler(new AcceptHandler(options.isTcpKeepAlive()));
            bootstrap.childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNSENT);
            bootstrap.childOption(
                    ChannelOption.RCVBUF_ALLOCATOR,
                    new AdaptiveRecvByteBufAllocator(512, 2048, MAX_READ).maxMessagesPerRead(1));
        }
    }

    /** In the pipeline of the listening socket, which carries accepted connections as messages. */
    @Sharable
    private static final class AcceptHandler extends ChannelInboundHandlerAdapter {

        private final boolean forCallers;

        /** @param forCallers false for the management server */
        AcceptHandler(boolean forCallers) {
            this.forCallers = forCallers;
        }

        @Override
        public void channelRead(ChannelHandlerContext listening, Object accepted) {
            HttpEdge edge = Arc.container().instance(HttpEdge.class).get();
            if (forCallers) {
                edge.accepted(listening.channel());
            }
            ((Channel) accepted).pipeline().addLast(new PipelineInitializer(edge, forCallers));
            listening.fireChannelRead(accepted);
        }
    }

    /** First in the pipeline of a connection until Vert.x has added its handlers, which with TLS is after the handshake. */
    private static final class PipelineInitializer extends ChannelInboundHandlerAdapter {

        private final HttpEdge edge;
        private final boolean forCallers;

        PipelineInitializer(HttpEdge edge, boolean forCallers) {
            this.edge = edge;
            this.forCallers = forCallers;
        }

        @Override
        public void channelActive(ChannelHandlerContext connection) {
            ChannelPipeline pipeline = connection.pipeline();
            if (pipeline.get(TLS) == null) {
                initialize(pipeline);
            } else {
                pipeline.remove(this);
                pipeline.addAfter(TLS, "edge", new PipelineInitializer(edge, forCallers));
            }
            connection.fireChannelActive();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext connection, Object event) {
            // Vert.x adds its handlers when it gets this event
            connection.fireUserEventTriggered(event);
            if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
                initialize(connection.pipeline());
            }
        }

        private void initialize(ChannelPipeline pipeline) {
            pipeline.remove(this);
            if (pipeline.get(CONNECTION) == null) {
                // Vert.x stops, and closes it
                return;
            }
            RequestGate gate = new RequestGate(edge, forCallers);
            pipeline.replace(
                    DECODER,
                    DECODER,
                    new SequentialRequestDecoder(edge.validator().maxHead(), gate));
            pipeline.addBefore(CONNECTION, "requestGate", gate);
        }
    }
}
