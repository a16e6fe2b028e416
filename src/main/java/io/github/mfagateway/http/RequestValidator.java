package io.github.mfagateway.http;

import java.util.Iterator;
import java.util.regex.Pattern;

import io.github.mfagateway.api.EnrollableFactorsResource;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;

/**
 * Validates a request's head before any other handler. Stricter than RFC 9112 wherever two implementations could parse a
 * request differently.
 */
final class RequestValidator {

    private static final Pattern IPV6 = Pattern.compile("\\[[0-9A-Fa-f:.]{2,45}]");

    private static final boolean[] IN_NAME = new boolean[128];

    static {
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
                .chars()
                .forEach(allowed -> IN_NAME[allowed] = true);
    }

    private final int maxBody;
    private final int maxHead;

    // nearly all requests have the same host; event loops share the field without locks, because any valid value will
    // do
    private String lastHost = "localhost";

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

    /** @return null if the request is valid */
    EarlyRejection validate(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return undecodable(request.decoderResult().cause());
        }
        HttpVersion version = request.protocolVersion();
        if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
            return EarlyRejection.HTTP_VERSION;
        }
        String target = request.uri();
        if (!target.startsWith("/")) {
            // RFC 9110, section 15.5.20: an absolute URI may name another host
            return EarlyRejection.OTHER_HOST;
        }
        // the common case
        if (!target.equals(EnrollableFactorsResource.PATH)) {
            if (!CanonicalTarget.isCanonical(target)) {
                return EarlyRejection.TARGET;
            }
            request.setUri(CanonicalTarget.withoutBar(target));
        }
        return validate(request, request.headers(), version);
    }

    private EarlyRejection validate(HttpRequest request, HttpHeaders headers, HttpVersion version) {
        if (!hasOneHost(headers, version)) {
            return EarlyRejection.HOST;
        }
        boolean chunked = headers.contains(HttpHeaderNames.TRANSFER_ENCODING);
        if (chunked && !isChunkedOnly(headers)) {
            return EarlyRejection.TRANSFER_ENCODING;
        }
        String expectation = headers.get(HttpHeaderNames.EXPECT);
        if (expectation != null && !HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expectation)) {
            return EarlyRejection.EXPECTATION;
        }
        boolean hasLength = headers.contains(HttpHeaderNames.CONTENT_LENGTH);
        if (!chunked && !hasLength) {
            // Netty assigns a body of 8 bytes to requests of an old WebSocket draft
            return headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY1) ? EarlyRejection.MALFORMED_REQUEST : null;
        }
        if (chunked && hasLength) {
            return EarlyRejection.TRANSFER_ENCODING;
        }
        if (headers.contains(HttpHeaderNames.CONTENT_ENCODING)) {
            return EarlyRejection.CONTENT_ENCODING;
        }
        return HttpUtil.getContentLength(request, 0L) > maxBody ? EarlyRejection.BODY_TOO_LARGE : null;
    }

    /** @param request a valid one */
    static boolean hasBody(HttpRequest request) {
        HttpHeaders headers = request.headers();
        return headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                || headers.contains(HttpHeaderNames.CONTENT_LENGTH) && HttpUtil.getContentLength(request, 0L) > 0;
    }

    private static EarlyRejection undecodable(Throwable cause) {
        if (cause instanceof TooLongHttpHeaderException) {
            return EarlyRejection.HEADERS_TOO_LARGE;
        }
        return cause instanceof TooLongFrameException ? EarlyRejection.LINE_TOO_LONG : EarlyRejection.MALFORMED_REQUEST;
    }

    private boolean hasOneHost(HttpHeaders headers, HttpVersion version) {
        Iterator<String> hosts = headers.valueStringIterator(HttpHeaderNames.HOST);
        if (!hosts.hasNext()) {
            // RFC 9112, section 3.2: only HTTP/1.1 requires it
            return version.equals(HttpVersion.HTTP_1_0);
        }
        String host = hosts.next();
        if (hosts.hasNext()) {
            return false;
        }
        if (!host.equals(lastHost)) {
            if (!isHost(host)) {
                return false;
            }
            lastHost = host;
        }
        return true;
    }

    /** A name or an IPv4 address, or an IPv6 address in brackets, with an optional port. Vert.x would log the path of a request with any other host. */
    private static boolean isHost(String host) {
        int end = host.startsWith("[") ? host.indexOf(']') + 1 : nameEnd(host);
        boolean hasHost =
                host.startsWith("[") ? IPV6.matcher(host.substring(0, end)).matches() : end > 0 && end <= 253;
        return hasHost && (end == host.length() || host.charAt(end) == ':' && isPort(host, end + 1));
    }

    private static int nameEnd(String host) {
        int end = 0;
        while (end < host.length() && host.charAt(end) < IN_NAME.length && IN_NAME[host.charAt(end)]) {
            end++;
        }
        return end;
    }

    private static boolean isPort(String host, int start) {
        int port = 0;
        for (int i = start; i < host.length(); i++) {
            int digit = host.charAt(i) - '0';
            if (digit < 0 || digit > 9 || port > 65535) {
                return false;
            }
            port = 10 * port + digit;
        }
        return start < host.length() && port <= 65535;
    }

    private static boolean isChunkedOnly(HttpHeaders headers) {
        Iterator<String> codings = headers.valueStringIterator(HttpHeaderNames.TRANSFER_ENCODING);
        return HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.next()) && !codings.hasNext();
    }
}
