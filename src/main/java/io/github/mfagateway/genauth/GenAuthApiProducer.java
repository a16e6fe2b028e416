package io.github.mfagateway.genauth;

import java.net.URI;
import java.util.concurrent.TimeUnit;

import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.client.api.QuarkusRestClientProperties;

import io.github.mfagateway.config.GenAuthSettings;
import io.github.mfagateway.observability.LogThrottle;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemTrustOptions;

/** Produces the {@link GenAuthApi}: verified TLS, no redirects, bounded connections and bodies, one response per request. */
@Dependent
class GenAuthApiProducer {

    static final int MAX_BODY = 64 * 1024;

    private static final Logger LOG = Logger.getLogger(GenAuthApiProducer.class);

    // an idle connection is closed up to this long after its timeout: less than OneResponsePerRequestCodec's margin
    private static final int POOL_CLEANER_MILLIS = 500;

    @Produces
    @Singleton
    GenAuthApi api(GenAuthSettings settings) {
        LogThrottle throttle = new LogThrottle(System::nanoTime);
        return QuarkusRestClientBuilder.newBuilder()
                .baseUri(URI.create(settings.url().orElseThrow()))
                .followRedirects(false)
                .connectTimeout(settings.connectTimeout().toMillis(), TimeUnit.MILLISECONDS)
                // bounds only the pause between two reads; ResilientCall enforces the deadline
                .readTimeout(2 * settings.deadline().toMillis(), TimeUnit.MILLISECONDS)
                // EnvelopeReader interprets the status
                .disableDefaultMapper(true)
                .property(QuarkusRestClientProperties.CONNECTION_POOL_SIZE, settings.maxConcurrent())
                .userAgent("genauth-mfa-gateway")
                .httpClientOptionsCustomizer(options -> limit(options, settings))
                .httpClientRequestCustomizer(request -> GenAuthConnectionHandler.install(
                        request.connection(), settings.connectionMaxAge(), () -> warn(throttle)))
                .httpClientRequestCustomizer(request -> GenAuthHeaders.addAppId(request, settings))
                .httpClientRequestCustomizer(GenAuthApiProducer::boundBody)
                .build(GenAuthApi.class);
    }

    private static void limit(HttpClientOptions options, GenAuthSettings settings) {
        settings.caFile()
                .ifPresent(file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
        options.setSslHandshakeTimeout(settings.connectTimeout().toMillis());
        options.setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
        // a request cancelled while its connection opens would otherwise leak that connection
        // (ClientSendRequestHandler)
        options.setIdleTimeout((int) (2 * settings.deadline().toMillis()));
        options.setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        options.setKeepAliveTimeout(OneResponsePerRequestCodec.IDLE_SECONDS);
        options.setPoolCleanerPeriod(POOL_CLEANER_MILLIS);
        // OneResponsePerRequestCodec reads HTTP/1.1, whatever quarkus.rest-client.* says
        options.setProtocolVersion(HttpVersion.HTTP_1_1);
        options.setUseAlpn(false);
        // a decompressed body would have no bound
        options.setDecompressionSupported(false);
    }

    /** Resets the exchange once the body exceeds its bound, because the REST client buffers without limit. */
    private static void boundBody(HttpClientRequest request) {
        request.response()
                .onSuccess(response -> response.handler(new Handler<Buffer>() {
                    private int received;

                    @Override
                    public void handle(Buffer chunk) {
                        received += chunk.length();
                        if (received > MAX_BODY) {
                            request.reset(0, TransportFailures.bodyTooLarge());
                        }
                    }
                }));
    }

    private static void warn(LogThrottle throttle) {
        throttle.next()
                .ifPresent(ending ->
                        LOG.warnf("GenAuth sent a response without a request; its connection is closed%s", ending));
    }
}
