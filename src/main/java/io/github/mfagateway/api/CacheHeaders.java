package io.github.mfagateway.api;

import static io.vertx.core.http.HttpHeaders.CACHE_CONTROL;

import java.util.List;
import java.util.Locale;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;

import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

import io.github.mfagateway.cache.CacheDirective;
import io.github.mfagateway.cache.CacheResult;
import io.github.mfagateway.factors.CachedResponse;
import io.vertx.core.http.HttpServerRequest;

/** The cache's request and response headers: RFC 9111 and RFC 9211. */
public final class CacheHeaders {

    private static final String CACHE = "genauth-mfa-gateway; ";
    private static final String HIT = CACHE + "hit; ttl=";

    private CacheHeaders() {}

    /** {@code only-if-cached} and {@code no-cache}; other directives are ignored. */
    public static CacheDirective directive(HttpServerRequest request) {
        List<String> headers = request.headers().getAll(CACHE_CONTROL);
        CacheDirective directive = CacheDirective.NONE;
        for (String header : headers) {
            for (String part : header.split(",")) {
                String name = part.strip().toLowerCase(Locale.ROOT);
                if (name.equals("only-if-cached")) {
                    return CacheDirective.ONLY_IF_CACHED;
                } else if (name.equals("no-cache")) {
                    directive = CacheDirective.NO_CACHE;
                }
            }
        }
        return directive;
    }

    /**
     * A response with its cache headers, or 304 if {@code If-None-Match} names its tag.
     *
     * @param etag the body's
     */
    public static <T> RestResponse<T> response(HttpServerRequest request, CacheResult<?> found, String etag, T body) {
        boolean notModified = CachedResponse.isNamed(etag, request.headers().getAll(HttpHeaders.IF_NONE_MATCH));
        ResponseBuilder<T> response =
                notModified ? ResponseBuilder.notModified() : ResponseBuilder.ok(body, MediaType.APPLICATION_JSON);
        response.header(HttpHeaders.ETAG, etag)
                .header(HttpHeaders.CACHE_CONTROL, "private, no-cache")
                .header(HttpHeaders.VARY, HttpHeaders.AUTHORIZATION)
                .header("Cache-Status", cacheStatus(found));
        if (isFromCache(found)) {
            response.header("Age", found.age().toSeconds());
        }
        return response.build();
    }

    public static String cacheStatus(CacheResult<?> found) {
        long ttl = Math.floorDiv(found.timeToLive().toMillis(), 1000L);
        return switch (found.source()) {
            case FRESH, UNREFRESHED -> HIT + ttl;
            case REVALIDATING -> HIT + ttl + "; detail=revalidating";
            case STALE -> HIT + ttl + "; detail=genauth-unavailable";
            case OVERLOADED -> HIT + ttl + "; detail=overloaded";
            case SHARED -> HIT + ttl + "; detail=shared";
            case MISS -> CACHE + (found.stored() ? "fwd=uri-miss; stored" : "fwd=uri-miss");
            case COLLAPSED -> CACHE + "fwd=uri-miss; collapsed";
            case COLLAPSED_EXPIRED -> CACHE + "fwd=stale; collapsed";
            case EXPIRED -> CACHE + "fwd=stale";
            case BYPASS -> CACHE + "fwd=request";
        };
    }

    /** RFC 9111, section 5.1: only a response from the cache has an age. */
    private static boolean isFromCache(CacheResult<?> found) {
        return switch (found.source()) {
            case FRESH, UNREFRESHED, REVALIDATING, STALE, OVERLOADED, SHARED -> true;
            case MISS, COLLAPSED, COLLAPSED_EXPIRED, EXPIRED, BYPASS -> false;
        };
    }
}
