package io.github.mfagateway.observability;

import static io.github.mfagateway.support.Until.until;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
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
        assertSpansArrive(Map.of(), "4bf92f3577b34da6a3ce929d0e0e4736");
    }

    @Test
    void spansCanGoOverHttpToo() throws Exception {
        assertSpansArrive(Map.of("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), "4bf92f3577b34da6a3ce929d0e0e4737");
    }

    private static void assertSpansArrive(Map<String, String> more, String trace) throws Exception {
        TraceCollector collector = new TraceCollector();
        String endpoint = collector.start().get("otel.exporter.otlp.endpoint");
        Map<String, String> environment = new HashMap<>(Map.of(
                "GENAUTH_DEADLINE", "20s",
                "OTEL_EXPORTER_OTLP_ENDPOINT", endpoint,
                "QUARKUS_OTEL_BSP_SCHEDULE_DELAY", "10ms"));
        environment.putAll(more);
        try (SandboxAndGateway both = new SandboxAndGateway(environment)) {
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
