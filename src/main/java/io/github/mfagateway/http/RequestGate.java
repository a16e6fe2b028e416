package io.github.mfagateway.http;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.nio.AbstractNioChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;

/**
 * Lets one whole request at a time through to Vert.x: validated, with its body, and the next one only after the response to
 * it. Rejects what must not be read further, and responds to cache hits itself. {@link ConnectionRegistry} calls from any
 * thread; all else runs on the connection's event loop.
 */
final class RequestGate extends ChannelDuplexHandler {

    // in which a new connection's first request is expected
    private static final long NEW_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long NOT_IDLE = Long.MAX_VALUE;

    private enum State {
        /** Between requests, or inside one. */
        RECEIVING,
        RESPONDING,
        /** Whatever still comes is discarded. */
        CLOSING
    }

    private final HttpEdge edge;
    private final ConnectionRegistry connections;
    private final boolean forCallers;
    private final IncompleteRequest incomplete;

    private State state = State.RECEIVING;
    private SequentialRequestDecoder decoder;
    // the decoder's context: writes from it bypass the encoder
    private ChannelHandlerContext wire;
    private boolean lastRequest;
    private boolean unflushed;
    private boolean yielding;
    private ScheduledFuture<?> timeout;
    private volatile long idleSince = System.nanoTime() + NEW_NANOS;

    /** @param forCallers false for the management server */
    RequestGate(HttpEdge edge, boolean forCallers) {
        this.edge = edge;
        this.connections = edge.connections(forCallers);
        this.forCallers = forCallers;
        this.incomplete = new IncompleteRequest(connections, edge.validator());
    }

    void decodesWith(SequentialRequestDecoder itsDecoder, ChannelHandlerContext connection) {
        decoder = itsDecoder;
        wire = connection;
    }

    boolean isReady() {
        return state == State.RECEIVING && !yielding && wire.channel().isWritable();
    }

    boolean isClosing() {
        return state == State.CLOSING;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext vertx) {
        connections.add(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext vertx, Object message) {
        // when a connection ends inside a request, the decoder emits an invalid message
        boolean wanted = state == State.RECEIVING && vertx.channel().isActive();
        if (wanted && message instanceof HttpRequest head) {
            receive(head);
        } else if (wanted && message instanceof HttpContent content) {
            receive(vertx, content);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void receive(HttpRequest head) {
        Rejection rejection = edge.validator().validate(head);
        boolean hasBody = rejection == null && RequestValidator.hasBody(head);
        incomplete.begin(head, hasBody);
        if (rejection != null) {
            reject(rejection);
        } else if (hasBody) {
            if (HttpUtil.is100ContinueExpected(head)) {
                wire.pipeline()
                        .writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
            }
            head.headers().remove(HttpHeaderNames.EXPECT);
        }
        if (!forCallers) {
            // the management server would change to HTTP/2
            head.headers().remove(HttpHeaderNames.UPGRADE);
        }
    }

    private void receive(ChannelHandlerContext vertx, HttpContent content) {
        try {
            if (content.decoderResult().isFailure()) {
                reject(Rejection.MALFORMED_BODY);
            } else if (!incomplete.append(content.content())) {
                reject(Rejection.BODY_TOO_LARGE);
            } else if (content instanceof LastHttpContent) {
                dispatch(vertx);
            }
        } finally {
            content.release();
        }
    }

    private void dispatch(ChannelHandlerContext vertx) {
        HttpRequest head = incomplete.head();
        boolean hasBody = incomplete.hasBody();
        LastHttpContent body = incomplete.takeBody();
        cancelTimeout();
        CacheHitHandler cacheHits = forCallers && !hasBody ? edge.cacheHits() : null;
        if (cacheHits != null && cacheHits.respond(head, wire)) {
            unflushed = true;
            awaitNextRequest();
            return;
        }
        lastRequest = !HttpUtil.isKeepAlive(head);
        state = State.RESPONDING;
        idleSince = NOT_IDLE;
        vertx.fireChannelRead(head);
        vertx.fireChannelRead(body);
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
        if (!lastRequest) {
            awaitNextRequest();
            return promise;
        }
        incomplete.end();
        state = State.CLOSING;
        ChannelPromise sent = promise.unvoid();
        LingeringClose.after(sent, wire, edge.requestTimeout().toMillis());
        return sent;
    }

    /** The next request, if its bytes are here, waits for a task of its own: no recursion, and other connections have their turn. */
    private void awaitNextRequest() {
        incomplete.end();
        state = State.RECEIVING;
        idleSince = System.nanoTime();
        if (!wire.channel().isWritable()) {
            closeUnlessRead();
        }
        // reading stopped if bytes came meanwhile, even if none are left
        if (decoder.hasBytes() || !wire.channel().config().isAutoRead()) {
            yielding = true;
            wire.executor().execute(this::resume);
        }
    }

    private void resume() {
        yielding = false;
        decoder.resume();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext vertx) {
        if (unflushed) {
            unflushed = false;
            wire.flush();
        }
        if (state == State.RECEIVING && decoder.isInRequest()) {
            awaitRestOfRequest();
        }
        vertx.fireChannelReadComplete();
    }

    private void awaitRestOfRequest() {
        idleSince = NOT_IDLE;
        if (!incomplete.reserve(decoder.received())) {
            reject(Rejection.TOO_MANY_INCOMPLETE);
        } else if (timeout == null) {
            timeout = wire.executor()
                    .schedule(
                            () -> reject(Rejection.REQUEST_TIMEOUT),
                            edge.requestTimeout().toNanos(),
                            TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext vertx) {
        if (state == State.RECEIVING && vertx.channel().isWritable()) {
            cancelTimeout();
            wire.executor().execute(this::resume);
        } else if (state == State.RECEIVING) {
            closeUnlessRead();
        }
        vertx.fireChannelWritabilityChanged();
    }

    /** A caller who does not read its responses is closed. */
    private void closeUnlessRead() {
        cancelTimeout();
        timeout = wire.executor()
                .schedule(() -> wire.close(), edge.requestTimeout().toNanos(), TimeUnit.NANOSECONDS);
    }

    private void reject(Rejection rejection) {
        state = State.CLOSING;
        HttpRequest head = incomplete.head();
        if (forCallers) {
            edge.recorder().record(head, rejection, Math.max(0, incomplete.age(System.nanoTime())));
        }
        incomplete.end();
        cancelTimeout();
        LingeringClose.after(
                wire.writeAndFlush(rejection.response(head)),
                wire,
                edge.requestTimeout().toMillis());
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
        return idleSince != NOT_IDLE && state == State.RECEIVING && !yielding;
    }

    /** Nanoseconds since the last response ended; negative while there is a request, and for a new connection. */
    long idleFor(long now) {
        long since = idleSince;
        return since == NOT_IDLE ? -1 : now - since;
    }

    /** Nanoseconds since an incomplete request began; negative if there is none. */
    long incompleteFor(long now) {
        return incomplete.age(now);
    }

    /** From any thread. A connection that has a request after all keeps its place in the registry. */
    void closeIfIdle() {
        wire.executor().execute(() -> {
            if (idleFor(System.nanoTime()) >= 0 && isIdleAfterRead()) {
                state = State.CLOSING;
                wire.close();
            } else if (wire.channel().isOpen()) {
                connections.add(this);
            }
        });
    }

    /** From any thread. A connection whose request is complete by now keeps its place in the registry. */
    void rejectIfIncomplete() {
        wire.executor().execute(() -> {
            if (state == State.RECEIVING && incompleteFor(System.nanoTime()) >= 0) {
                reject(Rejection.TOO_MANY_INCOMPLETE);
            } else if (wire.channel().isOpen()) {
                connections.add(this);
            }
        });
    }

    @Override
    public void channelInactive(ChannelHandlerContext vertx) {
        state = State.CLOSING;
        vertx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext vertx) {
        cancelTimeout();
        incomplete.end();
        connections.remove(this);
    }

    private void cancelTimeout() {
        if (timeout != null) {
            timeout.cancel(false);
            timeout = null;
        }
    }
}
