package io.github.mfagateway;

import static io.github.mfagateway.support.Until.until;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.github.mfagateway.support.SandboxAndGateway;
import io.github.mfagateway.support.TraceCollector;
import io.opentelemetry.proto.trace.v1.Span;

/** Spans leave the packaged gateway for where OpenTelemetry's own variables say. */
class TracesIT {

    @Test
    void anEndpointInTheEnvironmentIsEnough() throws Exception {
        TraceCollector collector = new TraceCollector();
        String endpoint = collector.start().get("otel.exporter.otlp.endpoint");
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        try (SandboxAndGateway both = new SandboxAndGateway(Map.of(
                "GENAUTH_DEADLINE", "20s",
                "OTEL_EXPORTER_OTLP_ENDPOINT", endpoint,
                "OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf",
                "QUARKUS_OTEL_BSP_SCHEDULE_DELAY", "10ms"))) {
            given().header("Authorization", "Bearer alice")
                    .header("traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
                    .get(both.gateway().url() + "/mfa/factors/enrollable")
                    .then()
                    .statusCode(200);

            until("three spans", () -> TraceCollector.spans(trace).size() == 3);
            assertEquals(
                    List.of(
                            "GET /api/v3/list-factors-to-enroll",
                            "GET /mfa/factors/enrollable",
                            "GenAuth list-factors-to-enroll"),
                    TraceCollector.spans(trace).stream()
                            .map(Span::getName)
                            .sorted()
                            .toList());
        } finally {
            collector.stop();
        }
    }
}
