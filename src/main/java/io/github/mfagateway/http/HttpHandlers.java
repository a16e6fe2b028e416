package io.github.mfagateway.http;

import java.time.Duration;
import java.util.Locale;

import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

import org.eclipse.microprofile.config.inject.ConfigProperty;

import io.github.mfagateway.config.HttpSettings;
import io.github.mfagateway.factors.EnrollableFactorsService;
import io.netty.channel.Channel;
import io.opentelemetry.api.trace.Tracer;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.quarkus.vertx.http.ManagementInterface;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;

/**
 * Handles each request in this order:
 *
 * <ol>
 *   <li>{@link SequentialRequestDecoder}: decodes one request at a time (in the pipeline, as are the next four)
 *   <li>Vert.x' idle timeout
 *   <li>{@link ConnectionHandler}, which calls the next two
 *   <li>{@link RequestValidator}: an invalid request gets a {@link EarlyRejection}
 *   <li>{@link CacheHitHandler}: a fresh cached response is written
 *   <li>Vert.x and Quarkus' router
 *   <li>{@link RouteTemplateFilter}: sets the route for metrics and logs (a filter of the router, as is the next)
 *   <li>{@link TracingFilter}: starts a span
 *   <li>JAX-RS
 * </ol>
 *
 * A response passes {@link ConnectionHandler}, which adds {@code Date} and admits the next request.
 */
@Singleton
class HttpHandlers implements HttpServerOptionsCustomizer {

    // before all of Quarkus' own filters; a higher priority runs first
    private static final int ROUTE = 10_001;
    private static final int TRACING = 10_000;

    // probes and scrapes are some hundred bytes each
    private static final long MANAGEMENT_BYTES = 1024 * 1024;

    private final GracefulShutdown shutdown;
    private final RequestValidator validator;
    private final ConnectionRegistry connections;
    private final ConnectionRegistry managementConnections;
    private final RouteTemplateFilter route;
    private final TracingFilter tracing;
    private final EarlyResponseRecorder recorder;
    private final Duration requestTimeout;
    private final String clientAuth;
    private final boolean hitsNeedJaxRs;

    private volatile CacheHitHandler cacheHits;

    HttpHandlers(
            GracefulShutdown shutdown,
            Tracer tracer,
            HttpServerMetrics metrics,
            @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize maxBody,
            @ConfigProperty(name = "quarkus.http.limits.max-header-size") MemorySize maxHead,
            @ConfigProperty(name = "quarkus.http.limits.max-connections") int maxConnections,
            @ConfigProperty(name = "quarkus.management.limits.max-connections") int maxManagementConnections,
            HttpSettings settings,
            @ConfigProperty(name = "quarkus.http.access-log.enabled") boolean accessLog,
            @ConfigProperty(name = "quarkus.otel.sdk.disabled") boolean tracingDisabled) {
        this.shutdown = shutdown;
        this.validator = new RequestValidator((int) maxBody.asLongValue(), (int) maxHead.asLongValue());
        this.connections = new ConnectionRegistry(
                maxConnections, settings.maxBufferedBytes().orElse(0L));
        metrics.watch(connections);
        this.managementConnections = new ConnectionRegistry(maxManagementConnections, MANAGEMENT_BYTES);
        this.route = new RouteTemplateFilter(accessLog);
        this.tracing = new TracingFilter(tracer, tracingDisabled);
        this.recorder = new EarlyResponseRecorder(metrics, tracing, accessLog);
        this.requestTimeout = settings.requestTimeout();
        this.clientAuth = settings.clientAuth();
        // JAX-RS writes the access log and, in dev mode, reloads code
        this.hitsNeedJaxRs = accessLog || LaunchMode.current() == LaunchMode.DEVELOPMENT;
    }

    void register(@Observes Filters filters) {
        filters.register(route::handle, ROUTE);
        filters.register(tracing::handle, TRACING);
    }

    void register(@Observes ManagementInterface management) {
        management.router().route().order(Integer.MIN_VALUE).handler(RouteTemplateFilter::ignore);
    }

    /** At startup, because filters are registered before the cache's settings are validated. */
    void start(@Observes StartupEvent start, EnrollableFactorsService factors) {
        if (!hitsNeedJaxRs) {
            cacheHits = new CacheHitHandler(factors, recorder);
        }
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
        // Quarkus' own setting of client authentication is fixed at build time
        options.setUseAlpn(false).setClientAuth(ClientAuth.valueOf(clientAuth.toUpperCase(Locale.ROOT)));
    }

    /**
     * Called for each accepted connection, before its handlers are added.
     *
     * @return false if there are too many connections
     */
    boolean accept(Channel listeningSocket, Channel connection, boolean forCallers) {
        if (forCallers) {
            shutdown.listens(listeningSocket);
        }
        return connections(forCallers).accept(connection);
    }

    RequestValidator validator() {
        return validator;
    }

    ConnectionRegistry connections(boolean forCallers) {
        return forCallers ? connections : managementConnections;
    }

    EarlyResponseRecorder recorder() {
        return recorder;
    }

    Duration requestTimeout() {
        return requestTimeout;
    }

    /** Null while all requests are sent to JAX-RS. */
    CacheHitHandler cacheHits() {
        return shutdown.hasBegun() ? null : cacheHits;
    }
}
