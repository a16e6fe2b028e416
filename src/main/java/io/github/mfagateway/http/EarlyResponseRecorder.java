package io.github.mfagateway.http;

import java.util.concurrent.TimeUnit;

import org.jboss.logging.Logger;

import io.github.mfagateway.api.EnrollableFactorsResource;
import io.micrometer.core.instrument.Timer;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;

/** Counts, traces and logs the responses that are written below JAX-RS, as Quarkus does for all others. */
final class EarlyResponseRecorder {

    private static final Logger ACCESS_LOG = Logger.getLogger("io.quarkus.http.access-log");

    private final HttpServerMetrics metrics;
    private final Timer hits;
    private final Timer notModifiedHits;
    private final TracingFilter tracing;
    private final boolean accessLog;

    EarlyResponseRecorder(HttpServerMetrics metrics, TracingFilter tracing, boolean accessLog) {
        this.metrics = metrics;
        // looked up once, because a lookup costs as much as the rest of a cache hit
        this.hits = metrics.timer("GET", EnrollableFactorsResource.PATH, 200);
        this.notModifiedHits = metrics.timer("GET", EnrollableFactorsResource.PATH, 304);
        this.tracing = tracing;
        this.accessLog = accessLog;
    }

    /** @param start {@link System#nanoTime} when its request was complete */
    void recordHit(HttpHeaders headers, boolean notModified, String cacheStatus, long start) {
        int status = notModified ? 304 : 200;
        tracing.record(headers, "GET", EnrollableFactorsResource.PATH, status, cacheStatus);
        (notModified ? notModifiedHits : hits).record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
    }

    /** @param request null if its head is incomplete */
    void record(HttpRequest request, EarlyRejection rejection, long nanos) {
        String method = request == null
                ? "UNKNOWN"
                : RouteTemplateFilter.method(request.method().name());
        HttpHeaders headers = request == null ? EmptyHttpHeaders.INSTANCE : request.headers();
        tracing.record(headers, method, null, rejection.status(), null);
        metrics.timer(method, RouteTemplateFilter.UNKNOWN, rejection.status()).record(nanos, TimeUnit.NANOSECONDS);
        if (accessLog) {
            ACCESS_LOG.infof("%s - %d (%s)", method, rejection.status(), rejection);
        }
    }
}
