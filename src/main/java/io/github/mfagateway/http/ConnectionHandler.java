package io.github.mfagateway.http;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
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
 * Passes one complete, validated request at a time to Vert.x, and the next one only after its response. Rejects invalid
 * requests, and responds to cache hits itself. {@link ConnectionRegistry} calls from any thread; all other methods run on the
 * connection's event loop.
 */
final class ConnectionHandler extends ChannelDuplexHandler {

    private enum State {
        /** Between requests, or inside one. */
        RECEIVING,
        RESPONDING,
        /** Received bytes are discarded. */
        CLOSING
    }

    private final HttpHandlers handlers;
    private final ConnectionRegistry connections;
    private final boolean forCallers;
    private final RequestBuffer request;
    private final ConnectionActivity activity = new ConnectionActivity();

    private State state = State.RECEIVING;
    private SequentialRequestDecoder decoder;
    // the decoder's context: writes to it bypass the encoder
    private ChannelHandlerContext decoderContext;
    private boolean lastRequest;
    private boolean unflushed;
    private boolean yielding;
    private ScheduledFuture<?> timeout;

    /** @param forCallers false for the management server */
    ConnectionHandler(HttpHandlers handlers, boolean forCallers) {
        this.handlers = handlers;
        this.connections = handlers.connections(forCallers);
        this.forCallers = forCallers;
        this.request = new RequestBuffer(connections, handlers.validator());
    }

    void decodesWith(SequentialRequestDecoder itsDecoder, ChannelHandlerContext connection) {
        decoder = itsDecoder;
        decoderContext = connection;
    }

    boolean isReady() {
        return state == State.RECEIVING && !yielding && decoderContext.channel().isWritable();
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
        EarlyRejection rejection = handlers.validator().validate(head);
        boolean hasBody = rejection == null && RequestValidator.hasBody(head);
        request.begin(head, hasBody);
        if (rejection != null) {
            reject(rejection);
        } else if (hasBody) {
            if (HttpUtil.is100ContinueExpected(head)) {
                decoderContext
                        .pipeline()
                        .writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
            }
            head.headers().remove(HttpHeaderNames.EXPECT);
        }
        if (!forCallers) {
            // the management server would switch to HTTP/2
            head.headers().remove(HttpHeaderNames.UPGRADE);
        }
    }

    private void receive(ChannelHandlerContext vertx, HttpContent content) {
        try {
            if (content.decoderResult().isFailure()) {
                reject(EarlyRejection.MALFORMED_BODY);
            } else if (!request.append(content.content())) {
                reject(EarlyRejection.BODY_TOO_LARGE);
            } else if (content instanceof LastHttpContent) {
                dispatch(vertx);
            }
        } finally {
            content.release();
        }
    }

    private void dispatch(ChannelHandlerContext vertx) {
        HttpRequest head = request.head();
        boolean hasBody = request.hasBody();
        LastHttpContent body = request.takeBody();
        cancelTimeout();
        CacheHitHandler cacheHits = forCallers && !hasBody ? handlers.cacheHits() : null;
        if (cacheHits != null && cacheHits.respond(head, decoderContext)) {
            unflushed = true;
            awaitNextRequest();
            return;
        }
        activity.busy();
        if (!request.reserve(decoder.received(), decoder.headerLines())) {
            body.release();
            reject(head, EarlyRejection.OVERLOADED, true);
            return;
        }
        lastRequest = !HttpUtil.isKeepAlive(head);
        state = State.RESPONDING;
        vertx.fireChannelRead(head);
        vertx.fireChannelRead(body);
    }

    @Override
    public void write(ChannelHandlerContext vertx, Object message, ChannelPromise promise) {
        boolean interim = false;
        if (message instanceof HttpResponse response) {
            if (response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
                // to WebSocket, which only the dev mode uses
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
        request.end();
        becomeClosing();
        ChannelPromise sent = promise.unvoid();
        LingeringClose.after(sent, decoderContext, handlers.requestTimeout().toMillis());
        return sent;
    }

    /** Handles the next request in a separate task, which avoids recursion and is fair to other connections. */
    private void awaitNextRequest() {
        request.end();
        state = State.RECEIVING;
        activity.responded();
        if (!decoderContext.channel().isWritable()) {
            closeUnlessRead();
        }
        // bytes that arrived meanwhile have stopped reading, even if none are left
        if (decoder.hasBytes() || !decoderContext.channel().config().isAutoRead()) {
            yielding = true;
            decoderContext.executor().execute(this::resume);
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
            decoderContext.flush();
        }
        if (state == State.RECEIVING && decoder.isInRequest()) {
            awaitRestOfRequest();
        }
        vertx.fireChannelReadComplete();
    }

    private void awaitRestOfRequest() {
        activity.receiving();
        if (request.isEndless(decoder.received())) {
            reject(EarlyRejection.MALFORMED_BODY);
        } else if (!request.reserve(decoder.received(), decoder.headerLines())) {
            reject(EarlyRejection.OVERLOADED);
        } else if (timeout == null) {
            timeout = decoderContext
                    .executor()
                    .schedule(
                            () -> reject(EarlyRejection.REQUEST_TIMEOUT),
                            handlers.requestTimeout().toNanos(),
                            TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext vertx) {
        if (state == State.RECEIVING && vertx.channel().isWritable()) {
            cancelTimeout();
            activity.idle();
            decoderContext.executor().execute(this::resume);
        } else if (state == State.RECEIVING) {
            closeUnlessRead();
        }
        vertx.fireChannelWritabilityChanged();
    }

    /** Closes the connection of a caller who does not read responses. */
    private void closeUnlessRead() {
        cancelTimeout();
        activity.busy();
        timeout = decoderContext
                .executor()
                .schedule(
                        () -> decoderContext.close(), handlers.requestTimeout().toNanos(), TimeUnit.NANOSECONDS);
    }

    private void reject(EarlyRejection rejection) {
        reject(request.head(), rejection, true);
    }

    /** @param lingers whether the caller has time to read the response */
    private void reject(HttpRequest head, EarlyRejection rejection, boolean lingers) {
        long receivingNanos = Math.max(0, activity.receivingFor(System.nanoTime()));
        becomeClosing();
        if (forCallers) {
            handlers.recorder().record(head, rejection, receivingNanos);
        }
        request.end();
        cancelTimeout();
        ChannelFuture sent = decoderContext.writeAndFlush(rejection.response(head));
        if (lingers) {
            LingeringClose.after(sent, decoderContext, handlers.requestTimeout().toMillis());
        } else {
            sent.addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void becomeClosing() {
        state = State.CLOSING;
        activity.closing();
    }

    /** Closes an idle connection, but only between requests. Otherwise the request timeout or GenAuth's deadline applies. */
    @Override
    public void userEventTriggered(ChannelHandlerContext vertx, Object event) {
        if (!(event instanceof IdleStateEvent)) {
            vertx.fireUserEventTriggered(event);
        } else if (isIdleAfterRead()) {
            decoderContext.close();
        }
    }

    /** Reads first, because closing would lose a request that has arrived unread. */
    private boolean isIdleAfterRead() {
        if (isIdle() && decoderContext.channel().unsafe() instanceof AbstractNioChannel.NioUnsafe socket) {
            socket.read();
        }
        return isIdle() && decoderContext.channel().isOpen();
    }

    private boolean isIdle() {
        return activity.isIdle() && state == State.RECEIVING && !yielding;
    }

    /** Called from any thread. */
    long evictionOrder(long now) {
        return activity.evictionOrder(now);
    }

    /** Called from any thread. A connection that has received a request meanwhile stays in the registry. */
    void evict() {
        decoderContext.executor().execute(() -> {
            if (state == State.CLOSING) {
                decoderContext.close();
            } else if (state == State.RECEIVING && activity.receivingFor(System.nanoTime()) >= 0) {
                reject(request.head(), EarlyRejection.OVERLOADED, false);
            } else if (isIdleAfterRead() && hasSentEverything()) {
                becomeClosing();
                decoderContext.close();
            } else if (decoderContext.channel().isOpen()) {
                connections.add(this);
            }
        });
    }

    private boolean hasSentEverything() {
        ChannelOutboundBuffer unsent = decoderContext.channel().unsafe().outboundBuffer();
        return unsent == null || unsent.totalPendingWriteBytes() == 0;
    }

    @Override
    public void channelInactive(ChannelHandlerContext vertx) {
        state = State.CLOSING;
        vertx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext vertx) {
        cancelTimeout();
        request.end();
        connections.remove(this);
    }

    private void cancelTimeout() {
        if (timeout != null) {
            timeout.cancel(false);
            timeout = null;
        }
    }
}
