package io.github.mfagateway.genauth;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/**
 * HTTP/1.1 for GET and POST that delivers exactly one response for each request. Vert.x 4.5 takes a 1xx for the response, and
 * bytes after a response for the next one. Sets {@code Connection} and {@code Keep-Alive}, by which Vert.x decides whether
 * and how long it pools the connection.
 */
final class OneResponsePerRequestCodec
        extends CombinedChannelDuplexHandler<OneResponsePerRequestCodec.Decoder, OneResponsePerRequestCodec.Encoder> {

    /** How long a connection stays open between two requests. Node closes it after 5 s by default. */
    static final int IDLE_SECONDS = 3;

    // less than GenAuth announces, so that GenAuth does not close first; half of load balancers' usual minute at most
    private static final int IDLE_MARGIN_SECONDS = 2;
    private static final int MAX_IDLE_SECONDS = 30;

    private static final int MAX_INTERIM_RESPONSES = 16;

    private static final String KEEP_ALIVE = "keep-alive";
    private static final Pattern TIMEOUT = Pattern.compile("(?i)\\btimeout\\s*=\\s*\"?(\\d{1,6})");

    private enum State {
        IDLE,
        IN_FLIGHT,
        CLOSING
    }

    private final Runnable onUnsolicited;
    private final Runnable onResponseBytes;
    private final long expires;

    private State state = State.IDLE;
    private HttpHeaders headers;
    private int interimResponses;

    /** @param onResponseBytes called whenever bytes of a response, or of an interim one, have arrived */
    OneResponsePerRequestCodec(Duration maxAge, Runnable onUnsolicited, Runnable onResponseBytes) {
        this.onUnsolicited = onUnsolicited;
        this.onResponseBytes = onResponseBytes;
        // jitter, so that connections that were opened together are not all replaced together
        double share = ThreadLocalRandom.current().nextDouble(0.8, 1);
        this.expires = System.nanoTime() + (long) (share * maxAge.toNanos());
        init(new Decoder(), new Encoder());
    }

    final class Encoder extends HttpRequestEncoder {

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) throws Exception {
            if (message instanceof HttpRequest) {
                if (state != State.IDLE) {
                    ReferenceCountUtil.release(message);
                    GenAuthException notSent = TransportFailures.closedBeforeRequest(true);
                    promise.tryFailure(notSent);
                    fail(ctx, notSent);
                    return;
                }
                state = State.IN_FLIGHT;
                interimResponses = 0;
            }
            super.write(ctx, message, promise);
        }
    }

    final class Decoder extends HttpResponseDecoder {

        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
            if (state == State.IDLE) {
                onUnsolicited.run();
                fail(ctx, TransportFailures.unsolicitedResponse());
            }
            if (state == State.CLOSING) {
                in.skipBytes(in.readableBytes());
                return;
            }
            onResponseBytes.run();
            int before = out.size();
            super.decode(ctx, in, out);
            if (out.size() == before) {
                return;
            }
            if (!((HttpObject) out.get(out.size() - 1)).decoderResult().isSuccess()) {
                // Vert.x fails the request and closes the connection
                state = State.CLOSING;
                return;
            }
            if (out.get(before) instanceof HttpResponse response) {
                if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
                    out.subList(before, out.size()).clear();
                    skip(ctx, response);
                    return;
                }
                headers = response.headers();
            }
            if (out.get(out.size() - 1) instanceof LastHttpContent) {
                end(ctx, in);
            }
        }

        @Override
        protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
            int before = out.size();
            super.decodeLast(ctx, in, out);
            if (state == State.IN_FLIGHT && out.size() > before && out.get(out.size() - 1) instanceof LastHttpContent) {
                end(ctx, in);
            }
        }

        private void skip(ChannelHandlerContext ctx, HttpResponse interim) {
            if (interim.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
                fail(ctx, TransportFailures.switchedProtocols());
            } else if (++interimResponses > MAX_INTERIM_RESPONSES) {
                fail(ctx, TransportFailures.tooManyInterimResponses());
            }
        }
    }

    private void fail(ChannelHandlerContext ctx, GenAuthException failure) {
        state = State.CLOSING;
        ctx.fireExceptionCaught(failure);
    }

    /** The response is complete; its last part has not been delivered yet. */
    private void end(ChannelHandlerContext ctx, ByteBuf in) {
        boolean surplus = in.isReadable();
        int idleSeconds = idleSeconds(headers.get(KEEP_ALIVE));
        if (surplus) {
            onUnsolicited.run();
        }
        if (surplus
                || idleSeconds < 1
                || System.nanoTime() - expires > 0
                || !ctx.channel().isActive()
                || headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true)) {
            state = State.CLOSING;
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            in.skipBytes(in.readableBytes());
        } else {
            state = State.IDLE;
            headers.set(KEEP_ALIVE, "timeout=" + idleSeconds);
        }
    }

    private static int idleSeconds(String keepAlive) {
        Matcher timeout = TIMEOUT.matcher(keepAlive == null ? "" : keepAlive);
        if (!timeout.find()) {
            return IDLE_SECONDS;
        }
        int seconds = Math.min(MAX_IDLE_SECONDS, Integer.parseInt(timeout.group(1)) - IDLE_MARGIN_SECONDS);
        // Vert.x does not read the digit 9 (HttpUtils.parseKeepAliveHeaderTimeout)
        return seconds % 10 == 9 ? seconds - 1 : seconds;
    }
}
