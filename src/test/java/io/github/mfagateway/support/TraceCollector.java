package io.github.mfagateway.support;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import com.google.protobuf.InvalidProtocolBufferException;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** An OpenTelemetry collector (OTLP over HTTP, and over gRPC without TLS) that keeps what it is sent. */
public class TraceCollector implements QuarkusTestResourceLifecycleManager {

    // of a message that is not compressed, and here of one without bytes: a flag and the length
    private static final Buffer GRPC_PREFIX = Buffer.buffer(new byte[1 + Integer.BYTES]);

    private static final Queue<ExportTraceServiceRequest> RECEIVED = new ConcurrentLinkedQueue<>();

    private final Vertx vertx = Vertx.vertx();

    @Override
    public Map<String, String> start() {
        int port = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> receive(request, body)))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
        return Map.of(
                "otel.exporter.otlp.endpoint",
                "http://127.0.0.1:" + port,
                "otel.exporter.otlp.protocol",
                "http/protobuf",
                "quarkus.otel.bsp.schedule.delay",
                "10ms");
    }

    @Override
    public void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static void receive(HttpServerRequest request, Buffer body) {
        if (request.path().equals("/v1/traces")) {
            keep(body);
            request.response().end();
        } else if (request.path().equals("/opentelemetry.proto.collector.trace.v1.TraceService/Export")) {
            keep(body.slice(GRPC_PREFIX.length(), body.length()));
            request.response()
                    .putHeader("content-type", "application/grpc")
                    .putTrailer("grpc-status", "0")
                    .end(GRPC_PREFIX);
        } else {
            request.response().setStatusCode(404).end();
        }
    }

    private static void keep(Buffer export) {
        try {
            RECEIVED.add(ExportTraceServiceRequest.parseFrom(export.getBytes()));
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
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
