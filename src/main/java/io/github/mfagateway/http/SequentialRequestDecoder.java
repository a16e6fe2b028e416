package io.github.mfagateway.http;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * Decodes a connection's next request only when {@link ConnectionHandler} is ready for it. Until then pipelined requests stay
 * undecoded, and reading stops.
 */
final class SequentialRequestDecoder extends HttpRequestDecoder {

    // empty lines before a request that are ignored
    private static final int MOST_EMPTY_BYTES = 1024;

    private static final IllegalArgumentException NO_REQUEST_LINE =
            new IllegalArgumentException("a request begins with its method");

    private final ConnectionHandler gate;
    private ChannelHandlerContext context;
    private final Headers headers;
    private boolean started;
    private int received;
    private int emptyBytes;

    /** @param maxHead of all headers, in bytes; a request line has at most 4096, Netty's default */
    SequentialRequestDecoder(int maxHead, ConnectionHandler gate) {
        this(maxHead, gate, new Headers());
    }

    private SequentialRequestDecoder(int maxHead, ConnectionHandler gate, Headers factory) {
        super(new HttpDecoderConfig()
                .setMaxHeaderSize(maxHead)
                .setHeadersFactory(factory)
                .setTrailersFactory(factory));
        this.gate = gate;
        this.headers = factory;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext connection) {
        context = connection;
        gate.decodesWith(this, connection);
    }

    @Override
    protected void decode(ChannelHandlerContext connection, ByteBuf in, List<Object> out) throws Exception {
        if (gate.isClosing()) {
            in.skipBytes(in.readableBytes());
        } else if (!gate.isReady()) {
            connection.channel().config().setAutoRead(false);
        } else if (started || startsRequest(in, out)) {
            int decoded = out.size();
            super.decode(connection, in, out);
            started = out.size() == decoded || !(out.get(out.size() - 1) instanceof LastHttpContent);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext connection, Object bytes) throws Exception {
        received = (started ? received : actualReadableBytes()) + ((ByteBuf) bytes).readableBytes();
        super.channelRead(connection, bytes);
    }

    /** RFC 9112, section 2.2: empty lines before a request are ignored; Netty would ignore NUL and blanks too. */
    private boolean startsRequest(ByteBuf in, List<Object> out) {
        while (in.isReadable()) {
            byte first = in.getByte(in.readerIndex());
            boolean empty = first == HttpConstants.CR || first == HttpConstants.LF;
            if (empty && emptyBytes < MOST_EMPTY_BYTES) {
                emptyBytes++;
                in.skipBytes(1);
            } else if (first > ' ' && first < 0x7F) {
                emptyBytes = 0;
                return true;
            } else {
                in.skipBytes(in.readableBytes());
                HttpMessage invalid = createInvalidMessage();
                invalid.setDecoderResult(DecoderResult.failure(NO_REQUEST_LINE));
                out.add(invalid);
            }
        }
        return false;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext connection) throws Exception {
        if (gate.isReady()) {
            super.channelReadComplete(connection);
        } else {
            // super would read more, because nothing was decoded
            connection.fireChannelReadComplete();
        }
    }

    /** Decodes bytes that have been read already. */
    void resume() {
        try {
            channelRead(context, Unpooled.EMPTY_BUFFER);
            channelReadComplete(context);
        } catch (Exception failure) {
            context.fireExceptionCaught(failure);
        }
        if (gate.isReady()) {
            context.channel().config().setAutoRead(true);
        }
    }

    /** Whether bytes of the next request were read. */
    boolean hasBytes() {
        return actualReadableBytes() > 0;
    }

    /** Whether a request has begun and not ended. */
    boolean isInRequest() {
        return started;
    }

    /** Bytes that were read for this request, including the whole read in which it began. */
    int received() {
        return received;
    }

    /** Heap that the request's headers take in addition to their bytes. */
    int headerLines() {
        return headers.current.heapBytes();
    }

    /** Bounds the headers and trailers of one request. */
    private static final class Headers implements HttpHeadersFactory {

        private BoundedHeaders current = new BoundedHeaders();

        @Override
        public HttpHeaders newHeaders() {
            current = new BoundedHeaders();
            return current;
        }

        @Override
        public HttpHeaders newEmptyHeaders() {
            return newHeaders();
        }
    }
}
