package io.github.mfagateway.http;

import java.util.Iterator;
import java.util.regex.Pattern;

import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;

/**
 * What a request's head must be before anything else sees it. Stricter than RFC 9112 asks wherever two implementations could
 * understand a request differently.
 */
final class RequestValidator {

    // a name or IPv4 address, or an IPv6 address, and a port; Vert.x would log the path of a request without a valid
    // one
    private static final Pattern HOST = Pattern.compile("(?:[A-Za-z0-9._~-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])"
            + "(?::(?:[0-9]{1,4}|[1-5][0-9]{4}|6(?:[0-4][0-9]{3}|5(?:[0-4][0-9]{2}|5(?:[0-2][0-9]|3[0-5])))))?");

    private static final boolean[] IN_NAME = new boolean[128];

    static {
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
                .chars()
                .forEach(allowed -> IN_NAME[allowed] = true);
    }

    private final int maxBody;
    private final int maxHead;

    RequestValidator(int maxBody, int maxHead) {
        this.maxBody = maxBody;
        this.maxHead = maxHead;
    }

    int maxBody() {
        return maxBody;
    }

    int maxHead() {
        return maxHead;
    }

    /**
     * A raw {@code |} in the target becomes {@code %7C}, because GenAuth's factor ids have one and common clients send it raw.
     *
     * @return null if the request is valid
     */
    Rejection validate(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return undecodable(request.decoderResult().cause());
        }
        HttpVersion version = request.protocolVersion();
        if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
            return Rejection.HTTP_VERSION;
        }
        String target = request.uri();
        if (!target.startsWith("/")) {
            // RFC 9110, section 15.5.20: an absolute URI may name another host
            return Rejection.OTHER_HOST;
        }
        if (!CanonicalTarget.isCanonical(target)) {
            return Rejection.TARGET;
        }
        if (target.indexOf('|') >= 0) {
            request.setUri(target.replace("|", "%7C"));
        }
        return validate(request, request.headers(), version);
    }

    private Rejection validate(HttpRequest request, HttpHeaders headers, HttpVersion version) {
        if (!hasOneHost(headers, version)) {
            return Rejection.HOST;
        }
        boolean chunked = headers.contains(HttpHeaderNames.TRANSFER_ENCODING);
        if (chunked && !isChunkedOnly(headers)) {
            return Rejection.TRANSFER_ENCODING;
        }
        String expectation = headers.get(HttpHeaderNames.EXPECT);
        if (expectation != null && !HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expectation)) {
            return Rejection.EXPECTATION;
        }
        boolean hasLength = headers.contains(HttpHeaderNames.CONTENT_LENGTH);
        if (!chunked && !hasLength) {
            // Netty gives requests of an old WebSocket draft a body of 8 bytes
            return headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY1) ? Rejection.MALFORMED_REQUEST : null;
        }
        if (chunked && hasLength) {
            return Rejection.TRANSFER_ENCODING;
        }
        if (headers.contains(HttpHeaderNames.CONTENT_ENCODING)) {
            return Rejection.CONTENT_ENCODING;
        }
        return HttpUtil.getContentLength(request, 0L) > maxBody ? Rejection.BODY_TOO_LARGE : null;
    }

    private static Rejection undecodable(Throwable cause) {
        if (cause instanceof TooLongHttpHeaderException) {
            return Rejection.HEADERS_TOO_LARGE;
        }
        return cause instanceof TooLongFrameException ? Rejection.LINE_TOO_LONG : Rejection.MALFORMED_REQUEST;
    }

    private static boolean hasOneHost(HttpHeaders headers, HttpVersion version) {
        Iterator<String> hosts = headers.valueStringIterator(HttpHeaderNames.HOST);
        if (!hosts.hasNext()) {
            // RFC 9112, section 3.2: only HTTP/1.1 requires it
            return version.equals(HttpVersion.HTTP_1_0);
        }
        return isHost(hosts.next()) && !hosts.hasNext();
    }

    private static boolean isHost(String host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c >= IN_NAME.length || !IN_NAME[c]) {
                // a port or an IPv6 address; without it no pattern is needed, which costs more than all other checks
                return HOST.matcher(host).matches();
            }
        }
        return !host.isEmpty() && host.length() <= 253;
    }

    private static boolean isChunkedOnly(HttpHeaders headers) {
        Iterator<String> codings = headers.valueStringIterator(HttpHeaderNames.TRANSFER_ENCODING);
        return HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.next()) && !codings.hasNext();
    }
}
