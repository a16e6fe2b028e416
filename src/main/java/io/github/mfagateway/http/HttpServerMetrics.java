package io.github.mfagateway.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.http.Outcome;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.quarkus.micrometer.runtime.HttpServerMetricsTagsContributor;

/**
 * {@code http_server_requests_seconds}: Quarkus' own series, with buckets, bounded label values, and the responses that are
 * sent below JAX-RS.
 */
@Singleton
class HttpServerMetrics implements HttpServerMetricsTagsContributor {

    private static final String NAME = "http.server.requests";

    // a cache hit, GenAuth's usual response time, the soft timeout, the default deadline and a little more
    private static final double[] BUCKETS = Stream.of(5, 25, 100, 150, 200, 300, 1000, 2500, 3000)
            .mapToDouble(millis -> Duration.ofMillis(millis).toNanos())
            .toArray();

    private final MeterRegistry registry;
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();

    HttpServerMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Produces
    @Singleton
    static MeterFilter buckets() {
        return new MeterFilter() {
            @Override
            public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
                return NAME.equals(id.getName())
                        ? DistributionStatisticConfig.builder()
                                .serviceLevelObjectives(BUCKETS)
                                .build()
                                .merge(config)
                        : config;
            }
        };
    }

    /** @param connections of the callers' server */
    void watch(ConnectionRegistry connections) {
        counter(
                "mfa.connections.rejected",
                "New connections that were closed at the limit",
                connections,
                ConnectionRegistry::rejected);
        counter(
                "mfa.connections.evicted",
                "Connections that were closed for a new one",
                connections,
                ConnectionRegistry::evicted);
    }

    private void counter(
            String name,
            String description,
            ConnectionRegistry connections,
            ToDoubleFunction<ConnectionRegistry> count) {
        FunctionCounter.builder(name, connections, count)
                .description(description)
                .register(registry);
    }

    /** The route instead of the path, which can contain a factor's id; unknown methods share one value. */
    @Override
    public Tags contribute(Context context) {
        String route = context.requestContextLocalData(RouteTemplateFilter.ROUTE);
        return Tags.of(
                "method",
                RouteTemplateFilter.method(context.request().method().name()),
                "uri",
                route == null ? RouteTemplateFilter.UNKNOWN : route);
    }

    /** Records a response that Quarkus does not count. */
    Timer timer(String method, String route, int status) {
        return timers.computeIfAbsent(method + ' ' + status + ' ' + route, series -> Timer.builder(NAME)
                .tag("method", method)
                .tag("uri", route)
                .tag("status", Integer.toString(status))
                .tag("outcome", Outcome.forStatus(status).name())
                .register(registry));
    }
}
