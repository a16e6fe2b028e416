package io.github.mfagateway.observability;

import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import org.eclipse.microprofile.config.inject.ConfigProperty;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;

/** Produces the tracer; a no-op one if tracing is disabled, because a disabled SDK still generates ids. */
@Dependent
class TracerProducer {

    private static final String SCOPE = "io.github.mfagateway";

    @Produces
    @Singleton
    Tracer tracer(OpenTelemetry telemetry, @ConfigProperty(name = "quarkus.otel.sdk.disabled") boolean off) {
        return (off ? TracerProvider.noop() : telemetry.getTracerProvider()).get(SCOPE);
    }
}
