package io.github.mfagateway.http;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.nio.AbstractNioChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;

/**
 * Lets one whole request at a time through to Vert.x: validated, with its body, and the next one only after the response to
 * it. Rejects what must not be read further, and responds to cache hits itself. {@link ConnectionRegistry} calls from any
 * thread; all else runs on the connection's event loop.
 */
final class RequestGate extends ChannelDuplexHandler {

    // after a rejection the caller may still be sending: closed at once, it would get a reset instead of the response
    private static final long LINGER_MILLIS = 1000;
    // pipelined cache hits that are served before other connections have their turn
    private static final int MAX_HITS_IN_TURN = 16;
    // in which a new connection's first request is expected
    private static final long NEW_NANOS = TimeUnit.SECONDS.toNanos(1);

    private enum State {
        /** Between requests, or inside one. */
        READING,
        RESPONDING,
        /** Whatever still comes is discarded. */
        CLOSED
    }

    private final HttpEdge edge;
    private final boolean forCallers;

    private State state = State.READING;
    private SequentialRequestDecoder decoder;
    // the decoder's context: writes from it bypass the encoder
    private ChannelHandlerContext wire;
    private HttpRequest request;
    private ByteBuf body;
    private int reservedBytes;
    private boolean lastRequest;
    private boolean unflushed;
    private boolean yielding;
    private int hitsInTurn;
    // when the first bytes of an incomplete request were read
    private volatile long started;
    private volatile boolean incomplete;
    private ScheduledFuture<?> timeout;
    private volatile long idleSince = System.nanoTime() + NEW_NANOS;
    private volatile boolean idle = true;

    RequestGate(HttpEdge edge, boolean forCallers) {
        this.edge = edge;
        this.forCallers = forCallers;
    }

    void decodesWith(SequentialRequestDecoder itsDecoder, ChannelHandlerContext connection) {
        decoder = itsDecoder;
        wire = connection;
    }

    boolean isReady() {
        return state == State.READING && !yielding && wire.channel().isWritable();
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext vertx) {
        if (forCallers) {
            edge.connections().add(this);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext vertx, Object message) {
        // when a connection ends inside a request, the decoder emits an invalid message
        boolean wanted = state == State.READING && vertx.channel().isActive();
        if (wanted && message instanceof HttpRequest head) {
            receive(head);
        } else if (wanted && message instanceof HttpContent content) {
            receive(vertx, content);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void receive(HttpRequest head) {
        request = head;
        if (!forCallers) {
            // the management server would change to HTTP/2
            head.headers().remove(HttpHeaderNames.UPGRADE);
        }
        Rejection rejection = edge.validator().validate(head);
        if (rejection != null) {
            reject(rejection);
        } else if (HttpUtil.isTransferEncodingChunked(head) || HttpUtil.getContentLength(head, 0L) > 0) {
            body = Unpooled.buffer(256, edge.validator().maxBody());
            if (HttpUtil.is100ContinueExpected(head)) {
                wire.pipeline()
                        .writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
            }
            head.headers().remove(HttpHeaderNames.EXPECT);
        }
    }

    private void receive(ChannelHandlerContext vertx, HttpContent content) {
        try {
            int length = content.content().readableBytes();
            if (content.decoderResult().isFailure()) {
                reject(Rejection.MALFORMED_BODY);
            } else if (length > 0 && body.maxWritableBytes() < length) {
                reject(Rejection.BODY_TOO_LARGE);
            } else {
                if (length > 0) {
                    body.writeBytes(content.content());
                }
                if (content instanceof LastHttpContent) {
                    dispatch(vertx);
                }
            }
        } finally {
            content.release();
        }
    }

    private void dispatch(ChannelHandlerContext vertx) {
        HttpRequest whole = request;
        HttpContent content = body == null ? LastHttpContent.EMPTY_LAST_CONTENT : new DefaultLastHttpContent(body);
        cancelTimeout();
        request = null;
        CacheHitHandler cacheHits = forCallers && body == null ? edge.cacheHits() : null;
        body = null;
        if (cacheHits != null && cacheHits.respond(whole, wire)) {
            unflushed = true;
            release();
            becomeIdle();
            if (++hitsInTurn >= MAX_HITS_IN_TURN) {
                yieldTurn();
            }
            return;
        }
        lastRequest = !HttpUtil.isKeepAlive(whole);
        state = State.RESPONDING;
        incomplete = false;
        idle = false;
        vertx.fireChannelRead(whole);
        vertx.fireChannelRead(content);
    }

    @Override
    public void write(ChannelHandlerContext vertx, Object message, ChannelPromise promise) {
        boolean interim = false;
        if (message instanceof HttpResponse response) {
            if (response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
                // to WebSocket, which only dev mode's pages do
                vertx.pipeline().remove(this);
            }
            interim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
            if (!interim) {
                response.headers().set(DateHeader.NAME, DateHeader.value());
                lastRequest |= !HttpUtil.isKeepAlive(response);
            }
        }
        if (message instanceof LastHttpContent && !interim && state == State.RESPONDING) {
            vertx.write(message, responded(promise));
        } else {
            vertx.write(message, promise);
        }
    }

    private ChannelPromise responded(ChannelPromise promise) {
        release();
        if (lastRequest) {
            state = State.CLOSED;
            closeIn(edge.requestTimeout().toMillis());
            return promise.unvoid().addListener(sent -> linger());
        }
        becomeIdle();
        yieldTurn();
        return promise;
    }

    /** The next request, if its bytes are here, waits for a task of its own: no recursion, and other connections have their turn. */
    private void yieldTurn() {
        // reading stopped if bytes came meanwhile, even if none are left
        if (decoder.hasBytes() || !wire.channel().config().isAutoRead()) {
            yielding = true;
            wire.executor().execute(this::resume);
        }
    }

    private void resume() {
        yielding = false;
        hitsInTurn = 0;
        decoder.resume();
    }

    private void becomeIdle() {
        state = State.READING;
        if (!wire.channel().isWritable()) {
            closeIn(edge.requestTimeout().toMillis());
        }
        incomplete = false;
        idleSince = System.nanoTime();
        idle = true;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext vertx) {
        if (unflushed) {
            unflushed = false;
            wire.flush();
        }
        hitsInTurn = yielding ? hitsInTurn : 0;
        if (state == State.READING && decoder.isInRequest()) {
            awaitRestOfRequest();
        }
        vertx.fireChannelReadComplete();
    }

    private void awaitRestOfRequest() {
        if (!incomplete) {
            started = System.nanoTime();
            incomplete = true;
            idle = false;
        }
        if (!reserve(decoder.received())) {
            reject(Rejection.TOO_MANY_INCOMPLETE);
        } else if (timeout == null) {
            long left = edge.requestTimeout().toNanos() - (System.nanoTime() - started);
            timeout = wire.executor().schedule(() -> reject(Rejection.REQUEST_TIMEOUT), left, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext vertx) {
        boolean writable = vertx.channel().isWritable();
        if (state == State.READING && writable) {
            cancelTimeout();
            wire.executor().execute(this::resume);
        } else if (state == State.READING) {
            closeIn(edge.requestTimeout().toMillis());
        }
        vertx.fireChannelWritabilityChanged();
    }

    /** Only between requests; inside one the request timeout holds, and the deadline of GenAuth. */
    @Override
    public void userEventTriggered(ChannelHandlerContext vertx, Object event) {
        if (!(event instanceof IdleStateEvent)) {
            vertx.fireUserEventTriggered(event);
        } else if (isIdleAfterRead()) {
            wire.close();
        }
    }

    /** A request that has arrived and was not read yet is read first, because closing would lose it. */
    private boolean isIdleAfterRead() {
        if (isIdle() && wire.channel().unsafe() instanceof AbstractNioChannel.NioUnsafe socket) {
            socket.read();
        }
        return isIdle() && wire.channel().isOpen();
    }

    private boolean isIdle() {
        return idle && state == State.READING && !yielding;
    }

    private void reject(Rejection rejection) {
        state = State.CLOSED;
        if (forCallers) {
            edge.recorder().record(request, rejection, incomplete ? System.nanoTime() - started : 0);
        }
        discard();
        closeIn(edge.requestTimeout().toMillis());
        wire.writeAndFlush(rejection.response(request)).addListener(sent -> linger());
        request = null;
    }

    /** Ends our half of the connection, and discards what the caller still sends for a moment. */
    private void linger() {
        if (wire.pipeline().get(SslHandler.class) != null || !(wire.channel() instanceof DuplexChannel duplex)) {
            wire.close();
            return;
        }
        duplex.shutdownOutput();
        duplex.config().setAutoRead(true);
        closeIn(LINGER_MILLIS);
    }

    private void closeIn(long millis) {
        cancelTimeout();
        if (!wire.channel().isOpen()) {
            return;
        }
        timeout = wire.executor().schedule(() -> wire.close(), millis, TimeUnit.MILLISECONDS);
    }

    /** Nanoseconds since the last response ended; negative while there is a request, and for a new connection. */
    long idleFor(long now) {
        return idle ? now - idleSince : -1;
    }

    /** Nanoseconds since an incomplete request began; negative if there is none. */
    long incompleteFor(long now) {
        return incomplete ? now - started : -1;
    }

    /** From any thread. A connection that has a request after all keeps its place in the registry. */
    void closeIfIdle() {
        wire.executor().execute(() -> {
            if (System.nanoTime() - idleSince >= 0 && isIdleAfterRead()) {
                state = State.CLOSED;
                wire.close();
            } else if (wire.channel().isOpen()) {
                edge.connections().add(this);
            }
        });
    }

    /** From any thread. A connection whose request is complete by now keeps its place in the registry. */
    void rejectIfIncomplete() {
        wire.executor().execute(() -> {
            if (state == State.READING && incomplete) {
                reject(Rejection.TOO_MANY_INCOMPLETE);
            } else if (wire.channel().isOpen()) {
                edge.connections().add(this);
            }
        });
    }

    @Override
    public void channelInactive(ChannelHandlerContext vertx) {
        state = State.CLOSED;
        vertx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext vertx) {
        discard();
        edge.connections().remove(this);
    }

    /** @param received bytes of the incomplete request; what the codec does not keep, such as the framing of chunks, is free */
    private boolean reserve(int received) {
        int more =
                Math.min(received, edge.validator().maxHead() + edge.validator().maxBody()) - reservedBytes;
        // of the management server Quarkus bounds the connections, and so the bytes
        if (more > 0 && forCallers && !edge.connections().reserve(more)) {
            return false;
        }
        reservedBytes += Math.max(0, more);
        return true;
    }

    private void release() {
        if (forCallers) {
            edge.connections().release(reservedBytes);
        }
        reservedBytes = 0;
    }

    private void discard() {
        cancelTimeout();
        release();
        if (body != null) {
            body.release();
            body = null;
        }
    }

    private void cancelTimeout() {
        if (timeout != null) {
            timeout.cancel(false);
            timeout = null;
        }
    }
}
