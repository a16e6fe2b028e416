package io.github.mfagateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;

/** The request that a connection receives or responds to: its head, its body, and the bytes that both take of all that there are. */
final class BufferedRequest {

    // a body in chunks of one byte has six for each
    private static final int ENDLESS = 8;

    private final ConnectionRegistry connections;
    private final int maxBytes;
    private final int maxBody;

    private HttpRequest head;
    private ByteBuf body;
    private int reservedBytes;
    // when its first bytes were read; 0 if none is waited for. The registry reads it from any thread
    private volatile long since;

    BufferedRequest(ConnectionRegistry connections, RequestValidator limits) {
        this.connections = connections;
        this.maxBytes = limits.maxHead() + limits.maxBody();
        this.maxBody = limits.maxBody();
    }

    /** Null if not even the head is complete. */
    HttpRequest head() {
        return head;
    }

    void begin(HttpRequest newHead, boolean hasBody) {
        head = newHead;
        body = hasBody ? Unpooled.buffer(256, maxBody) : null;
    }

    /** @return false if the body is too long */
    boolean append(ByteBuf content) {
        if (content.isReadable()) {
            if (body.maxWritableBytes() < content.readableBytes()) {
                return false;
            }
            body.writeBytes(content);
        }
        return true;
    }

    boolean hasBody() {
        return body != null;
    }

    /** The request is complete; its bytes stay reserved until {@link #end}. The caller releases the body. */
    LastHttpContent takeBody() {
        LastHttpContent last = body == null ? LastHttpContent.EMPTY_LAST_CONTENT : new DefaultLastHttpContent(body);
        body = null;
        forget();
        return last;
    }

    /** The rest of it is waited for. */
    void waitForRest() {
        if (since == 0) {
            since = System.nanoTime();
        }
    }

    /**
     * Reserves bytes until {@link #end}.
     *
     * @param received bytes so far; what the codec does not keep, such as the framing of chunks, is free
     * @param lines heap that the headers take beside these bytes
     * @return false if the requests of all connections have too many
     */
    boolean reserve(int received, int lines) {
        int more = Math.min(received, maxBytes) + lines - reservedBytes;
        if (more > 0 && !connections.reserve(more)) {
            return false;
        }
        reservedBytes += Math.max(0, more);
        return true;
    }

    /** Whether far more bytes were received than any request has: the framing of chunks, without an end. */
    boolean isEndless(int received) {
        return received > ENDLESS * maxBytes;
    }

    /** From any thread: nanoseconds since its first bytes, or -1 if the rest of none is waited for. */
    long age(long now) {
        long start = since;
        return start == 0 ? -1 : now - start;
    }

    /** It was responded to, or rejected: nothing of it is kept. */
    void end() {
        forget();
        if (reservedBytes > 0) {
            connections.release(reservedBytes);
            reservedBytes = 0;
        }
        if (body != null) {
            body.release();
            body = null;
        }
    }

    private void forget() {
        head = null;
        if (since != 0) {
            since = 0;
        }
    }
}
