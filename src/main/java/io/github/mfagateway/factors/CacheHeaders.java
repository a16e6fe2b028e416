package io.github.mfagateway.factors;

import static io.vertx.core.http.HttpHeaders.CACHE_CONTROL;

import java.util.List;
import java.util.Locale;

import io.github.mfagateway.cache.Directive;
import io.github.mfagateway.cache.Found;
import io.vertx.core.http.HttpServerRequest;

/** What requests and answers say about memory: RFC 9111 and RFC 9211. */
public final class CacheHeaders {

    private static final String CACHE = "genauth-mfa-gateway; ";

    private CacheHeaders() {}

    /** {@code only-if-cached} and {@code no-cache}; other directives are the caller's own business. */
    public static Directive directive(HttpServerRequest request) {
        List<String> headers = request.headers().getAll(CACHE_CONTROL);
        Directive directive = Directive.NONE;
        for (String header : headers) {
            for (String part : header.split(",")) {
                String name = part.strip().toLowerCase(Locale.ROOT);
                if (name.equals("only-if-cached")) {
                    return Directive.ONLY_IF_CACHED;
                } else if (name.equals("no-cache")) {
                    directive = Directive.NO_CACHE;
                }
            }
        }
        return directive;
    }

    public static String cacheStatus(Found<?> found) {
        long ttl = Math.floorDiv(found.timeToLive().toMillis(), 1000L);
        return CACHE
                + switch (found.source()) {
                    case FRESH -> "hit; ttl=" + ttl;
                    case REVALIDATING -> "hit; ttl=" + ttl + "; detail=revalidating";
                    case STALE -> "hit; ttl=" + ttl + "; detail=genauth-unavailable";
                    case SHARED -> "hit; ttl=" + ttl + "; detail=shared";
                    case MISS -> found.stored() ? "fwd=uri-miss; stored" : "fwd=uri-miss";
                    case COLLAPSED -> "fwd=uri-miss; collapsed";
                    case EXPIRED -> "fwd=stale";
                    case BYPASS -> "fwd=request";
                };
    }

    /** RFC 9111, section 5.1: only an answer from memory has an age. */
    static boolean isFromMemory(Found<?> found) {
        return switch (found.source()) {
            case FRESH, REVALIDATING, STALE, SHARED -> true;
            case MISS, COLLAPSED, EXPIRED, BYPASS -> false;
        };
    }
}
