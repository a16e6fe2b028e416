package io.github.mfagateway.factors;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Optional;
import java.util.concurrent.TimeUnit;

import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

import org.eclipse.microprofile.config.inject.ConfigProperty;

import io.github.mfagateway.cache.Found;
import io.micrometer.core.instrument.Timer;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;

/**
 * Gives what is fresh in memory as soon as a request is read, because each layer above costs more than all else that an answer
 * from memory needs. Everything else, and everybody who asks in another way, goes on to {@link EnrollableFactorsResource}, which
 * would answer the same. A connection's first request goes there too, and brings the {@link Shortcut}.
 */
@Singleton
class FreshAnswers {

    // before all others, who may answer and so bring another request in
    private static final int FIRST = FrontDoor.FIRST + 3;

    private static final String ALWAYS = "Cache-Control: private, no-cache\r\nVary: Authorization\r\n";
    private static final byte[] OK =
            ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + ALWAYS).getBytes(ISO_8859_1);
    private static final byte[] NOT_MODIFIED = ("HTTP/1.1 304 Not Modified\r\n" + ALWAYS).getBytes(ISO_8859_1);
    private static final byte[] NOTHING = {};

    private final RequestSpans spans;
    private final Timer ok;
    private final Timer notModified;
    private final boolean off;
    private RememberedFactors remembered;
    private volatile boolean leaving;

    FreshAnswers(
            RequestMeters meters,
            RequestSpans spans,
            @ConfigProperty(name = "quarkus.http.access-log.enabled") boolean logged) {
        this.spans = spans;
        this.ok = meters.timer("GET", EnrollableFactorsResource.PATH, 200);
        this.notModified = meters.timer("GET", EnrollableFactorsResource.PATH, 304);
        // a line in the log is written above; in dev mode code is reloaded there, on another thread
        this.off = logged || LaunchMode.current() == LaunchMode.DEVELOPMENT;
    }

    /** Not before, because filters are registered before the settings are judged, and memory is made from settings. */
    void begin(@Observes StartupEvent start, RememberedFactors remembered) {
        this.remembered = remembered;
    }

    /** Callers are told above to close their connections and go elsewhere. */
    void leave(@Observes ShutdownDelayInitiatedEvent stop) {
        leaving = true;
    }

    void register(@Observes Filters filters) {
        if (!off) {
            filters.register(this::shorten, FIRST);
        }
    }

    private void shorten(RoutingContext routing) {
        if (routing.request().connection() instanceof ConnectionBase connection) {
            Shortcut.bring(connection.channelHandlerContext(), this::answer);
        }
        routing.next();
    }

    /** Writes the whole answer, if it is a plain question and its answer is fresh. */
    private boolean answer(HttpRequest request, ByteBuf out) {
        if (leaving || !isPlainQuestion(request)) {
            return false;
        }
        long start = System.nanoTime();
        Optional<Found<StoredAnswer>> fresh = BearerToken.unread(
                        request.headers().getAll(HttpHeaderNames.AUTHORIZATION))
                .flatMap(remembered::fresh);
        fresh.ifPresent(found -> answer(request.headers(), found, out, start));
        return fresh.isPresent();
    }

    /** Whether it needs no thought; what does is the REST layer's. */
    private static boolean isPlainQuestion(HttpRequest request) {
        HttpHeaders headers = request.headers();
        String accept = headers.get(HttpHeaderNames.ACCEPT);
        return request.decoderResult().isSuccess()
                && HttpMethod.GET.equals(request.method())
                && EnrollableFactorsResource.PATH.equals(request.uri())
                && HttpVersion.HTTP_1_1.equals(request.protocolVersion())
                && (accept == null || accept.equals("*/*") || accept.equals("application/json"))
                && !headers.contains(HttpHeaderNames.CACHE_CONTROL)
                && !headers.contains(HttpHeaderNames.CONNECTION)
                && !headers.contains(HttpHeaderNames.CONTENT_LENGTH)
                && !headers.contains(HttpHeaderNames.TRANSFER_ENCODING);
    }

    private void answer(HttpHeaders headers, Found<StoredAnswer> found, ByteBuf out, long start) {
        StoredAnswer stored = found.answer();
        String cacheStatus = CacheHeaders.cacheStatus(found);
        boolean known = stored.matches(headers.getAll(HttpHeaderNames.IF_NONE_MATCH));
        byte[] body = known ? NOTHING : stored.body();
        String head = (known ? "" : "content-length: " + body.length + "\r\n")
                + "ETag: " + stored.etag()
                + "\r\nCache-Status: " + cacheStatus
                + "\r\nAge: " + found.age().toSeconds() + "\r\n\r\n";
        out.writeBytes(known ? NOT_MODIFIED : OK)
                .writeBytes(head.getBytes(ISO_8859_1))
                .writeBytes(body);
        spans.answered(headers, EnrollableFactorsResource.PATH, known ? 304 : 200, cacheStatus);
        (known ? notModified : ok).record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
    }
}
