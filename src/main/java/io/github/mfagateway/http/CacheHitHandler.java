package io.github.mfagateway.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Optional;

import io.github.mfagateway.api.BearerToken;
import io.github.mfagateway.api.CacheHeaders;
import io.github.mfagateway.api.EnrollableFactorsResource;
import io.github.mfagateway.cache.CacheResult;
import io.github.mfagateway.factors.CachedResponse;
import io.github.mfagateway.factors.EnrollableFactorsService;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;

/**
 * Responds to a plain request for enrollable factors with a fresh cached response. Runs below Vert.x, because each
 * layer above costs more than the cache hit itself. Other requests reach {@link EnrollableFactorsResource}, which sends the same response.
 */
final class CacheHitHandler {

    private static final String ALWAYS = "Cache-Control: private, no-cache\r\nVary: Authorization\r\n";
    private static final byte[] OK =
            ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + ALWAYS).getBytes(ISO_8859_1);
    private static final byte[] NOT_MODIFIED = ("HTTP/1.1 304 Not Modified\r\n" + ALWAYS).getBytes(ISO_8859_1);
    private static final byte[] NOTHING = {};

    // the initial size: a head of 350 bytes and a short list
    private static final int COMMON_SIZE = 1024;

    private final EnrollableFactorsService factors;
    private final EarlyResponseRecorder recorder;

    CacheHitHandler(EnrollableFactorsService factors, EarlyResponseRecorder recorder) {
        this.factors = factors;
        this.recorder = recorder;
    }

    /**
     * Writes the whole response, without flushing it, if there is a fresh one for this request.
     *
     * @param request without a body
     * @param connection the decoder's context; writes to it are bytes
     */
    boolean respond(HttpRequest request, ChannelHandlerContext connection) {
        if (!isPlain(request)) {
            return false;
        }
        long start = System.nanoTime();
        Optional<CacheResult<CachedResponse>> fresh = BearerToken.unvalidated(
                        request.headers().valueStringIterator(HttpHeaderNames.AUTHORIZATION))
                .flatMap(factors::fresh);
        fresh.ifPresent(found ->
                connection.write(response(request.headers(), found, start, connection), connection.voidPromise()));
        return fresh.isPresent();
    }

    /** Whether no header needs JAX-RS. */
    private static boolean isPlain(HttpRequest request) {
        HttpHeaders headers = request.headers();
        String accept = headers.get(HttpHeaderNames.ACCEPT);
        return HttpMethod.GET.equals(request.method())
                && EnrollableFactorsResource.PATH.equals(request.uri())
                && HttpVersion.HTTP_1_1.equals(request.protocolVersion())
                && (accept == null || accept.equals("*/*") || accept.equals("application/json"))
                && !headers.contains(HttpHeaderNames.CACHE_CONTROL)
                && !headers.contains(HttpHeaderNames.CONNECTION);
    }

    private ByteBuf response(
            HttpHeaders headers, CacheResult<CachedResponse> found, long start, ChannelHandlerContext connection) {
        CachedResponse cached = found.response();
        String cacheStatus = CacheHeaders.cacheStatus(found);
        boolean notModified = headers.contains(HttpHeaderNames.IF_NONE_MATCH)
                && cached.matches(headers.getAll(HttpHeaderNames.IF_NONE_MATCH));
        byte[] body = notModified ? NOTHING : cached.body();
        String head = (notModified ? "" : "content-length: " + body.length + "\r\n")
                + "ETag: " + cached.etag()
                + "\r\nCache-Status: " + cacheStatus
                + "\r\nAge: " + found.age().toSeconds()
                + "\r\nDate: " + DateHeader.value() + "\r\n\r\n";
        recorder.recordHit(headers, notModified, cacheStatus, start);
        return connection
                .alloc()
                .ioBuffer(COMMON_SIZE)
                .writeBytes(notModified ? NOT_MODIFIED : OK)
                .writeBytes(head.getBytes(ISO_8859_1))
                .writeBytes(body);
    }
}
