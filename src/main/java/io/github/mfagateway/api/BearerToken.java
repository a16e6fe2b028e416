package io.github.mfagateway.api;

import static io.vertx.core.http.HttpHeaders.AUTHORIZATION;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;

import io.github.mfagateway.api.problem.Problem;
import io.github.mfagateway.api.problem.ProblemException;
import io.github.mfagateway.genauth.AccessToken;
import io.vertx.core.http.HttpServerRequest;

/** Reads {@code Authorization: Bearer <token>} (RFC 6750, section 2.1). */
public final class BearerToken {

    static final int MAX_LENGTH = 8 * 1024;

    private static final String SCHEME = "Bearer ";
    private static final String BARE_SCHEME = SCHEME.strip();

    // an array, because it is read for each character of a token
    private static final boolean[] ALLOWED = new boolean[128];

    static {
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/"
                .chars()
                .forEach(allowed -> ALLOWED[allowed] = true);
    }

    private BearerToken() {}

    /**
     * Unvalidated; only used as a cache key. A token with the same digest as a cached one is valid.
     *
     * @param headers all of a request's {@code Authorization}
     */
    public static Optional<AccessToken> unvalidated(Iterator<String> headers) {
        if (!headers.hasNext()) {
            return Optional.empty();
        }
        String header = headers.next();
        return isOfScheme(header) && !headers.hasNext() ? Optional.of(token(header)) : Optional.empty();
    }

    /** @throws ProblemException when there is no token, or not exactly one well-formed one */
    static AccessToken of(HttpServerRequest request) {
        return bearer(onlyHeader(request));
    }

    /**
     * Accepts a token without a scheme, too: GenAuth's Node, Python, Go and PHP SDKs send none.
     *
     * @throws ProblemException when there is no token, or not exactly one well-formed one
     */
    public static AccessToken withOrWithoutScheme(HttpServerRequest request) {
        String header = onlyHeader(request);
        // an SDK with an empty token sends the scheme alone, because HTTP trims the space
        boolean noToken = header.equalsIgnoreCase(BARE_SCHEME);
        return isToken(header, 0) && !noToken ? new AccessToken(header) : bearer(header);
    }

    private static String onlyHeader(HttpServerRequest request) {
        List<String> headers = request.headers().getAll(AUTHORIZATION);
        if (headers.isEmpty()) {
            throw new ProblemException(Problem.MISSING_TOKEN);
        }
        if (headers.size() > 1) {
            throw new ProblemException(Problem.MALFORMED_TOKEN);
        }
        return headers.get(0);
    }

    private static AccessToken bearer(String header) {
        if (!isOfScheme(header) || !isToken(header, start(header))) {
            throw new ProblemException(Problem.MALFORMED_TOKEN);
        }
        return token(header);
    }

    /** The index of the token, which follows one or more spaces. */
    private static int start(String header) {
        int start = SCHEME.length();
        while (start < header.length() && header.charAt(start) == ' ') {
            start++;
        }
        return start;
    }

    /** The same token, and so the same cache key, for any number of spaces. */
    private static AccessToken token(String header) {
        int start = start(header);
        return start == SCHEME.length() ? AccessToken.inHeader(header) : new AccessToken(header.substring(start));
    }

    /** RFC 9110, section 11.1: the scheme is case-insensitive. */
    private static boolean isOfScheme(String header) {
        return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    }

    /** {@code 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="}, of at most 8 KiB. */
    private static boolean isToken(String header, int start) {
        int end = header.length();
        if (end - start > MAX_LENGTH) {
            return false;
        }
        while (end > start && header.charAt(end - 1) == '=') {
            end--;
        }
        for (int i = start; i < end; i++) {
            char c = header.charAt(i);
            if (c >= ALLOWED.length || !ALLOWED[c]) {
                return false;
            }
        }
        return end > start;
    }
}
