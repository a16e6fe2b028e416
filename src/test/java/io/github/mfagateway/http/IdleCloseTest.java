package io.github.mfagateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.mfagateway.config.HttpSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import io.opentelemetry.api.OpenTelemetry;
import io.quarkus.runtime.configuration.MemorySize;

/** A connection that becomes idle in the moment in which a request arrives. */
class IdleCloseTest {

    private static final String REQUEST = "POST /mfa/factors HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}";

    private final NioEventLoopGroup loop = new NioEventLoopGroup(1);
    private final CompletableFuture<ConnectionHandler> accepted = new CompletableFuture<>();
    private final CompletableFuture<String> received = new CompletableFuture<>();
    private Channel server;

    @BeforeEach
    void start() throws Exception {
        HttpHandlers edge = new HttpHandlers(
                new GracefulShutdown(null, Duration.ZERO),
                OpenTelemetry.noop().getTracer("test"),
                new HttpServerMetrics(new SimpleMeterRegistry()),
                size(16_000),
                size(8_000),
                100,
                100,
                new Settings(),
                false,
                true);
        server = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        ConnectionHandler gate = new ConnectionHandler(edge, true);
                        connection.pipeline().addLast(new SequentialRequestDecoder(8_000, gate), gate, new Receiver());
                        accepted.complete(gate);
                    }
                })
                .bind("localhost", 0)
                .sync()
                .channel();
    }

    @AfterEach
    void stop() {
        server.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void theIdleTimeoutReadsARequestThatHasArrived() throws Exception {
        whileARequestArrives(
                gate -> connection().pipeline().fireUserEventTriggered(IdleStateEvent.ALL_IDLE_STATE_EVENT));
        assertEquals("POST", received.get(10, TimeUnit.SECONDS));
    }

    @Test
    void aNewConnectionDoesNotEvictOneWithAnArrivedRequest() throws Exception {
        whileARequestArrives(ConnectionHandler::evict);
        assertEquals("POST", received.get(10, TimeUnit.SECONDS));
    }

    @Test
    void withoutARequestTheConnectionIsClosed() throws Exception {
        try (Socket caller = connect()) {
            accepted.get(10, TimeUnit.SECONDS);
            loop.execute(() -> connection().pipeline().fireUserEventTriggered(IdleStateEvent.ALL_IDLE_STATE_EVENT));
            assertEquals(-1, caller.getInputStream().read());
        }
    }

    private interface Event {
        void on(ConnectionHandler gate);
    }

    /** The only event loop is busy until the request's bytes are in the socket's buffer. */
    private void whileARequestArrives(Event event) throws Exception {
        try (Socket caller = connect()) {
            ConnectionHandler gate = accepted.get(10, TimeUnit.SECONDS);
            CountDownLatch busy = new CountDownLatch(1);
            CountDownLatch sent = new CountDownLatch(1);
            loop.execute(() -> {
                busy.countDown();
                await(sent);
                event.on(gate);
            });
            await(busy);
            caller.getOutputStream().write(REQUEST.getBytes(StandardCharsets.ISO_8859_1));
            sent.countDown();
            received.get(10, TimeUnit.SECONDS);
            assertTrue(connection().isOpen());
        }
    }

    private volatile Channel connection;

    private Channel connection() {
        return connection;
    }

    private Socket connect() throws Exception {
        InetSocketAddress address = (InetSocketAddress) server.localAddress();
        Socket caller = new Socket(address.getAddress(), address.getPort());
        caller.setSoTimeout(10_000);
        return caller;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MemorySize size(long bytes) {
        return new MemorySize(BigInteger.valueOf(bytes));
    }

    /** In the place of Vert.x. */
    private final class Receiver extends ChannelInboundHandlerAdapter {

        @Override
        public void handlerAdded(ChannelHandlerContext added) {
            connection = added.channel();
        }

        @Override
        public void channelRead(ChannelHandlerContext here, Object message) {
            if (message instanceof HttpRequest request) {
                received.complete(request.method().name());
            }
            ReferenceCountUtil.release(message);
        }
    }

    private record Settings() implements HttpSettings {

        @Override
        public Duration requestTimeout() {
            return Duration.ofSeconds(10);
        }

        @Override
        public Optional<Long> maxBufferedBytes() {
            return Optional.of(1_000_000L);
        }

        @Override
        public String clientAuth() {
            return "none";
        }
    }
}
