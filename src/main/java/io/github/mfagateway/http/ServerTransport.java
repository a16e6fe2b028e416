package io.github.mfagateway.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.quarkus.arc.Arc;
import io.vertx.core.http.impl.Http1xOrH2CHandler;
import io.vertx.core.impl.VertxBuilder;
import io.vertx.core.impl.transports.JDKTransport;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.spi.VertxServiceProvider;

/**
 * Puts {@link SequentialRequestDecoder} and {@link ConnectionHandler} into the pipeline of each accepted connection, before its first
 * byte is read. Vert.x loads this class by {@code META-INF/services}; it has no later hook before the first read.
 *
 * <p>Depends on internals of Vert.x: the names and the order of the handlers that its {@code HttpServerWorker} adds.
 */
public final class ServerTransport extends JDKTransport implements VertxServiceProvider {

    private static final String TLS = "ssl";
    private static final String DECODER = "httpDecoder";
    private static final String CONNECTION = "handler";
    // placeholder until the first request
    private static final String UPGRADE = "h2c";

    // maximum bytes of one read, and so of pipelined requests
    private static final int MAX_READ = 4 * 1024;
    // unsent bytes above which reading stops, and below which it resumes
    private static final WriteBufferWaterMark UNSENT = new WriteBufferWaterMark(2 * 1024, 8 * 1024);

    @Override
    public void init(VertxBuilder builder) {
        builder.findTransport(this);
    }

    @Override
    public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
        super.configure(options, domainSocket, bootstrap);
        // instances of Vert.x other than Quarkus' own load this class, too
        if (Arc.container() != null) {
            bootstrap.handler(new AcceptHandler(options.isTcpKeepAlive()));
            bootstrap.childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNSENT);
            bootstrap.childOption(
                    ChannelOption.RCVBUF_ALLOCATOR,
                    new AdaptiveRecvByteBufAllocator(512, 1024, MAX_READ).maxMessagesPerRead(1));
        }
    }

    /** In the listening socket's pipeline, whose messages are accepted connections. */
    @Sharable
    private static final class AcceptHandler extends ChannelInboundHandlerAdapter {

        private final boolean forCallers;

        /** @param forCallers false for the management server */
        AcceptHandler(boolean forCallers) {
            this.forCallers = forCallers;
        }

        @Override
        public void channelRead(ChannelHandlerContext listening, Object accepted) {
            HttpHandlers edge = Arc.container().instance(HttpHandlers.class).get();
            Channel connection = (Channel) accepted;
            if (!edge.accept(listening.channel(), connection, forCallers)) {
                connection.unsafe().closeForcibly();
                return;
            }
            connection.pipeline().addLast(new PipelineInitializer(edge, forCallers));
            listening.fireChannelRead(connection);
        }
    }

    /** First in the pipeline of a connection until Vert.x has added its handlers, which with TLS is after the handshake. */
    private static final class PipelineInitializer extends ChannelInboundHandlerAdapter {

        private final HttpHandlers edge;
        private final boolean forCallers;

        PipelineInitializer(HttpHandlers edge, boolean forCallers) {
            this.edge = edge;
            this.forCallers = forCallers;
        }

        @Override
        public void channelActive(ChannelHandlerContext connection) throws Exception {
            ChannelPipeline pipeline = connection.pipeline();
            pipeline.remove(this);
            if (pipeline.get(TLS) != null) {
                pipeline.addAfter(TLS, "edge", new PipelineInitializer(edge, forCallers));
            } else if (pipeline.get(Http1xOrH2CHandler.class) != null) {
                excludeHttp2(pipeline);
                initialize(pipeline);
            } else {
                initialize(pipeline);
            }
            connection.fireChannelActive();
        }

        /** Selects HTTP/1.1 on the management server, whose options cannot be set, by a first byte that is not HTTP/2's. */
        private static void excludeHttp2(ChannelPipeline pipeline) throws Exception {
            ChannelHandlerContext versions = pipeline.context(Http1xOrH2CHandler.class);
            pipeline.addAfter(versions.name(), "decision", new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext connection, Object decision) {
                    ReferenceCountUtil.release(decision);
                    connection.pipeline().remove(this);
                }
            });
            ((Http1xOrH2CHandler) versions.handler()).channelRead(versions, Unpooled.copiedBuffer("G", US_ASCII));
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext connection, Object event) {
            // Vert.x adds its handlers when it gets this event
            connection.fireUserEventTriggered(event);
            if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
                connection.pipeline().remove(this);
                initialize(connection.pipeline());
            }
        }

        private void initialize(ChannelPipeline pipeline) {
            String vertx = pipeline.get(UPGRADE) == null ? CONNECTION : UPGRADE;
            if (pipeline.get(DECODER) == null || pipeline.get(vertx) == null) {
                // Vert.x is stopping, or another protocol was negotiated
                pipeline.channel().close();
                return;
            }
            ConnectionHandler gate = new ConnectionHandler(edge, forCallers);
            pipeline.replace(
                    DECODER,
                    DECODER,
                    new SequentialRequestDecoder(edge.validator().maxHead(), gate));
            pipeline.addBefore(vertx, "requestGate", gate);
        }
    }
}
