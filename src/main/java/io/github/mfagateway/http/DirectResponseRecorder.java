package io.github.mfagateway.http;

import org.jboss.logging.Logger;

import io.github.mfagateway.factors.EnrollableFactorsResource;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;

/** Counts, traces and logs the responses that are written below JAX-RS, as Quarkus does for all others. */
final class DirectResponseRecorder {

    private static final Logger ACCESS_LOG = Logger.getLogger("io.quarkus.http.access-log");

    private final HttpServerMetrics metrics;
    private final TracingFilter tracing;
    private final boolean accessLog;

    DirectResponseRecorder(HttpServerMetrics metrics, TracingFilter tracing, boolean accessLog) {
        this.metrics = metrics;
        this.tracing = tracing;
        this.accessLog = accessLog;
    }

    /** @param start {@link System#nanoTime} when its request was complete */
    void recordHit(HttpHeaders headers, boolean notModified, String cacheStatus, long start) {
        int status = notModified ? 304 : 200;
        tracing.record(headers, "GET", EnrollableFactorsResource.PATH, status, cacheStatus);
        metrics.record("GET", EnrollableFactorsResource.PATH, status, System.nanoTime() - start);
    }

    /** @param request null if not even its head is complete */
    void record(HttpRequest request, Rejection rejection, long nanos) {
        String method = request == null
                ? "UNKNOWN"
                : RouteFilter.method(request.method().name());
        HttpHeaders headers = request == null ? EmptyHttpHeaders.INSTANCE : request.headers();
        tracing.record(headers, method, null, rejection.status(), null);
        metrics.record(method, RouteFilter.UNKNOWN, rejection.status(), nanos);
        if (accessLog) {
            ACCESS_LOG.infof("%s - %d (%s)", method, rejection.status(), rejection);
        }
    }
}
