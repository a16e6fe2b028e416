package io.github.mfagateway.factors;

import java.util.List;

import jakarta.ws.rs.core.HttpHeaders;

import io.github.mfagateway.genauth.AccessToken;
import io.vertx.core.http.HttpServerRequest;

/** Reads {@code Authorization: Bearer <token>} (RFC 6750, section 2.1). */
public final class BearerToken {

    static final int MAX_LENGTH = 8 * 1024;

    private static final String SCHEME = "Bearer ";

    private BearerToken() {}

    /** @throws ProblemException when there is no token, or not exactly one well-formed one */
    static AccessToken of(HttpServerRequest request) {
        String header = onlyHeader(request);
        // RFC 9110, section 11.1: the scheme is case-insensitive
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length()) || !isToken(header, SCHEME.length())) {
            throw new ProblemException(Problem.MALFORMED_TOKEN);
        }
        return new AccessToken(header.substring(SCHEME.length()));
    }

    /**
     * The same, and the bare token too: GenAuth's Node, Python, Go and PHP SDKs send no scheme.
     *
     * @throws ProblemException when there is no token, or not exactly one well-formed one
     */
    public static AccessToken withOrWithoutScheme(HttpServerRequest request) {
        String header = onlyHeader(request);
        return isToken(header, 0) ? new AccessToken(header) : of(request);
    }

    private static String onlyHeader(HttpServerRequest request) {
        List<String> headers = request.headers().getAll(HttpHeaders.AUTHORIZATION);
        if (headers.isEmpty()) {
            throw new ProblemException(Problem.MISSING_TOKEN);
        }
        if (headers.size() > 1) {
            throw new ProblemException(Problem.MALFORMED_TOKEN);
        }
        return headers.get(0);
    }

    /** {@code 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="}, of at most 8 KiB. */
    private static boolean isToken(String header, int start) {
        int length = header.length();
        while (length > start && header.charAt(length - 1) == '=') {
            length--;
        }
        if (length == start || header.length() - start > MAX_LENGTH) {
            return false;
        }
        for (int i = start; i < length; i++) {
            char c = header.charAt(i);
            boolean allowed =
                    c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "-._~+/".indexOf(c) >= 0;
            if (!allowed) {
                return false;
            }
        }
        return true;
    }
}
