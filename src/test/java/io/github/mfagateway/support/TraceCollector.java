package io.github.mfagateway.support;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

/** An OpenTelemetry collector (OTLP over HTTP) that keeps what it is sent. */
public class TraceCollector implements QuarkusTestResourceLifecycleManager {

    private static final Queue<ExportTraceServiceRequest> RECEIVED = new ConcurrentLinkedQueue<>();

    private HttpServer server;

    @Override
    public Map<String, String> start() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/v1/traces", TraceCollector::receive);
        server.start();
        return Map.of(
                "otel.exporter.otlp.endpoint",
                "http://127.0.0.1:" + server.getAddress().getPort(),
                "otel.exporter.otlp.protocol",
                "http/protobuf",
                "quarkus.otel.bsp.schedule.delay",
                "10ms");
    }

    @Override
    public void stop() {
        server.stop(0);
    }

    private static void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            RECEIVED.add(ExportTraceServiceRequest.parseFrom(exchange.getRequestBody()));
            exchange.sendResponseHeaders(200, -1);
        }
    }

    /** The spans of one trace that have come so far. */
    public static List<Span> spans(String traceId) {
        return RECEIVED.stream()
                .flatMap(request -> request.getResourceSpansList().stream())
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .flatMap(scope -> scope.getSpansList().stream())
                .filter(span -> hex(span.getTraceId().toByteArray()).equals(traceId))
                .toList();
    }

    /** Everything that has come, as bytes in a string of Latin letters. */
    public static String everything() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (ExportTraceServiceRequest request : RECEIVED) {
            request.writeTo(bytes);
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    public static String hex(byte[] id) {
        return HexFormat.of().formatHex(id);
    }
}
