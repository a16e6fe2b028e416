package io.github.mfagateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;

/** The request that a connection receives or responds to: head, body, and the bytes that it reserves. */
final class RequestBuffer {

    // a chunk of one byte takes six bytes
    private static final int ENDLESS = 8;

    private final ConnectionRegistry connections;
    private final int maxBytes;
    private final int maxBody;

    private HttpRequest head;
    private ByteBuf body;
    private int reservedBytes;

    RequestBuffer(ConnectionRegistry connections, RequestValidator limits) {
        this.connections = connections;
        this.maxBytes = limits.maxHead() + limits.maxBody();
        this.maxBody = limits.maxBody();
    }

    /** Null while the head is incomplete. */
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
        head = null;
        return last;
    }

    /**
     * Reserves bytes until {@link #end}.
     *
     * @param received bytes so far; counted up to the largest request, because the codec discards the framing of chunks
     * @param lines additional heap that the headers take
     * @return false if the requests of all connections exceed their bound
     */
    boolean reserve(int received, int lines) {
        int more = Math.min(received, maxBytes) + lines - reservedBytes;
        if (more > 0 && !connections.reserve(more)) {
            return false;
        }
        reservedBytes += Math.max(0, more);
        return true;
    }

    /** Whether far more bytes were received than any valid request has, as in endless framing of chunks. */
    boolean isEndless(int received) {
        return received > ENDLESS * maxBytes;
    }

    /** Releases everything after the response or rejection. */
    void end() {
        head = null;
        if (reservedBytes > 0) {
            connections.release(reservedBytes);
            reservedBytes = 0;
        }
        if (body != null) {
            body.release();
            body = null;
        }
    }
}
