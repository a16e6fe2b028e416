package io.github.mfagateway.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

import org.eclipse.microprofile.config.inject.ConfigProperty;

import io.github.mfagateway.config.HttpSettings;
import io.github.mfagateway.factors.EnrollableFactorsService;
import io.netty.channel.Channel;
import io.opentelemetry.api.trace.Tracer;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.quarkus.vertx.http.ManagementInterface;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;

/**
 * Handles each request in this order:
 *
 * <ol>
 *   <li>{@link SequentialRequestDecoder}: decodes one request at a time (in the pipeline, as are the next four)
 *   <li>Vert.x' idle timeout
 *   <li>{@link RequestGate}, which calls the next two
 *   <li>{@link RequestValidator}: an invalid request gets a {@link Rejection}
 *   <li>{@link CacheHitHandler}: a fresh cached response is written
 *   <li>Vert.x and Quarkus' router
 *   <li>{@link RouteFilter}: sets the route for metrics and logs (a filter of the router, as is the next)
 *   <li>{@link TracingFilter}: starts a span
 *   <li>JAX-RS
 * </ol>
 *
 * A response passes {@link RequestGate}, which adds {@code Date} and admits the next request.
 */
@Singleton
class HttpEdge implements HttpServerOptionsCustomizer {

    // before all of Quarkus' own filters; a higher priority runs first
    private static final int ROUTE = 10_001;
    private static final int TRACING = 10_000;

    // probes and scrapes are some hundred bytes each
    private static final long MANAGEMENT_BYTES = 1024 * 1024;

    private final Vertx vertx;
    private final RequestValidator validator;
    private final ConnectionRegistry connections;
    private final ConnectionRegistry managementConnections;
    private final RouteFilter route;
    private final TracingFilter tracing;
    private final DirectResponseRecorder recorder;
    private final Duration requestTimeout;
    private final Duration shutdownDelay;
    private final boolean hitsNeedJaxRs;
    private final Set<Channel> listening = ConcurrentHashMap.newKeySet();

    private volatile CacheHitHandler cacheHits;

    HttpEdge(
            Vertx vertx,
            Tracer tracer,
            HttpServerMetrics metrics,
            @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize maxBody,
            @ConfigProperty(name = "quarkus.http.limits.max-header-size") MemorySize maxHead,
            @ConfigProperty(name = "quarkus.http.limits.max-connections") int maxConnections,
            @ConfigProperty(name = "quarkus.management.limits.max-connections") int maxManagementConnections,
            HttpSettings settings,
            @ConfigProperty(name = "quarkus.http.access-log.enabled") boolean accessLog,
            @ConfigProperty(name = "quarkus.otel.sdk.disabled") boolean tracingDisabled,
            @ConfigProperty(name = "quarkus.shutdown.delay") Duration shutdownDelay) {
        this.vertx = vertx;
        this.validator = new RequestValidator((int) maxBody.asLongValue(), (int) maxHead.asLongValue());
        this.connections = new ConnectionRegistry(
                maxConnections, settings.maxBufferedBytes().orElse(0L));
        this.managementConnections = new ConnectionRegistry(maxManagementConnections, MANAGEMENT_BYTES);
        this.route = new RouteFilter(accessLog);
        this.tracing = new TracingFilter(tracer, tracingDisabled);
        this.recorder = new DirectResponseRecorder(metrics, tracing, accessLog);
        this.requestTimeout = settings.requestTimeout();
        this.shutdownDelay = shutdownDelay;
        // JAX-RS writes the access log and, in dev mode, reloads code
        this.hitsNeedJaxRs = accessLog || LaunchMode.current() == LaunchMode.DEVELOPMENT;
    }

    void register(@Observes Filters filters) {
        filters.register(route::handle, ROUTE);
        filters.register(tracing::handle, TRACING);
    }

    void register(@Observes ManagementInterface management) {
        management.router().route().order(Integer.MIN_VALUE).handler(RouteFilter::ignore);
    }

    /** At startup, because filters are registered before the cache's settings are validated. */
    void start(@Observes StartupEvent start, EnrollableFactorsService factors) {
        if (!hitsNeedJaxRs) {
            cacheHits = new CacheHitHandler(factors, recorder);
        }
    }

    /**
     * Quarkus' responses have {@code Connection: close} from now on. Stops accepting connections after the shutdown delay, so
     * that clients retry on another pod.
     */
    void stop(@Observes ShutdownDelayInitiatedEvent stop) {
        cacheHits = null;
        vertx.setTimer(Math.max(1, shutdownDelay.toMillis()), over -> listening.forEach(Channel::close));
    }

    /**
     * Disables WebSocket compression, whose handler would see every message. Enables TCP keep-alive, because connections may
     * be idle for long. By that option {@link ServerTransport} distinguishes this server from the management server.
     */
    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        options.setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setTcpKeepAlive(true)
                .setHttp2ClearTextEnabled(false);
    }

    /** Disables HTTP/2, because one connection would have several requests at a time. */
    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        customizeHttpServer(options);
        options.setUseAlpn(false);
    }

    /**
     * Called for each accepted connection, before its handlers are added.
     *
     * @return false if there are too many connections
     */
    boolean accept(Channel listeningSocket, Channel connection, boolean forCallers) {
        if (forCallers) {
            listening.add(listeningSocket);
        }
        return connections(forCallers).accept(connection);
    }

    RequestValidator validator() {
        return validator;
    }

    ConnectionRegistry connections(boolean forCallers) {
        return forCallers ? connections : managementConnections;
    }

    DirectResponseRecorder recorder() {
        return recorder;
    }

    Duration requestTimeout() {
        return requestTimeout;
    }

    /** Null while all requests are sent to JAX-RS. */
    CacheHitHandler cacheHits() {
        return cacheHits;
    }
}
