package io.github.mfagateway.factors;

import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

import io.github.mfagateway.cache.Directive;
import io.github.mfagateway.cache.Found;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * Gives what is fresh in memory before the REST layer begins, which costs more than all else that an answer from memory needs.
 * Everything else, and everybody who asks in another way, goes on to {@link EnrollableFactorsResource}, which would answer the
 * same.
 */
@Singleton
class FreshAnswers {

    // right behind the front door
    static final int SECOND = FrontDoor.FIRST - 1;

    // made once, because a string is encoded anew for each answer
    private static final CharSequence AGE = HttpHeaders.createOptimized("Age");
    private static final CharSequence CACHE_CONTROL = HttpHeaders.createOptimized("Cache-Control");
    private static final CharSequence PRIVATE_NO_CACHE = HttpHeaders.createOptimized("private, no-cache");
    private static final CharSequence CACHE_STATUS = HttpHeaders.createOptimized("Cache-Status");
    private static final CharSequence CONTENT_TYPE = HttpHeaders.createOptimized("Content-Type");
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence ETAG = HttpHeaders.createOptimized("ETag");
    private static final CharSequence VARY = HttpHeaders.createOptimized("Vary");
    private static final CharSequence AUTHORIZATION = HttpHeaders.createOptimized("Authorization");

    private RememberedFactors remembered;

    /** Not before, because filters are registered before the settings are judged, and memory is made from settings. */
    void begin(@Observes StartupEvent start, RememberedFactors remembered) {
        this.remembered = remembered;
    }

    void register(@Observes Filters filters) {
        filters.register(this::answerIfFresh, SECOND);
    }

    private void answerIfFresh(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (HttpMethod.GET.equals(request.method())
                && EnrollableFactorsResource.PATH.equals(request.path())
                && acceptsJson(request.getHeader(HttpHeaders.ACCEPT))
                && CacheHeaders.directive(request) == Directive.NONE) {
            BearerToken.in(request)
                    .flatMap(remembered::fresh)
                    .ifPresentOrElse(found -> answer(request, found), context::next);
        } else {
            context.next();
        }
    }

    /** Whether it needs no thought; what does is the REST layer's. */
    private static boolean acceptsJson(String accept) {
        return accept == null || accept.equals("*/*") || accept.equals("application/json");
    }

    private static void answer(HttpServerRequest request, Found<StoredAnswer> found) {
        StoredAnswer stored = found.answer();
        HttpServerResponse response = request.response();
        response.headers()
                .add(ETAG, stored.etag())
                .add(CACHE_CONTROL, PRIVATE_NO_CACHE)
                .add(VARY, AUTHORIZATION)
                .add(CACHE_STATUS, CacheHeaders.cacheStatus(found))
                .add(AGE, Long.toString(found.age().toSeconds()));
        // a body that nobody wants would else wait to be read
        request.resume();
        if (stored.matches(request.headers().getAll(HttpHeaders.IF_NONE_MATCH))) {
            response.setStatusCode(304).end();
        } else {
            response.headers().add(CONTENT_TYPE, JSON);
            response.end(Buffer.buffer(stored.body()));
        }
    }
}
