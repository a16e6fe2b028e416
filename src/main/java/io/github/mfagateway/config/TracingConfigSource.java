package io.github.mfagateway.config;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.eclipse.microprofile.config.spi.ConfigSource;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;

/**
 * Switches OpenTelemetry off unless an endpoint is configured: the extension's own default would send every span to a port of
 * this host.
 */
public class TracingConfigSource implements ConfigSourceFactory {

    private static final Set<String> ENDPOINTS =
            Set.of("quarkus.otel.exporter.otlp.endpoint", "quarkus.otel.exporter.otlp.traces.endpoint");

    // above the defaults, below everything a person sets
    private static final int ORDINAL = 50;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        boolean on = ENDPOINTS.stream().map(context::getValue).anyMatch(TracingConfigSource::isSet);
        return List.of(new PropertiesConfigSource(
                Map.of("quarkus.otel.sdk.disabled", Boolean.toString(!on)), "tracing switch", ORDINAL));
    }

    private static boolean isSet(ConfigValue endpoint) {
        return endpoint != null
                && endpoint.getValue() != null
                && !endpoint.getValue().isBlank();
    }
}
