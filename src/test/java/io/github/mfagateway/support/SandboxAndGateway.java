package io.github.mfagateway.support;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.mfagateway.sandbox.Sandbox;
import io.vertx.core.Vertx;

/** The packaged gateway in front of a sandbox. */
public final class SandboxAndGateway implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final int sandboxPort;
    private final GatewayProcess gateway;

    /** @param more environment variables beyond those that are required */
    public SandboxAndGateway(Map<String, String> more) throws IOException, InterruptedException {
        this(more, List.of());
    }

    /** @param options of the process, such as {@code -Xmx} */
    public SandboxAndGateway(Map<String, String> more, List<String> options) throws IOException, InterruptedException {
        sandboxPort = new Sandbox(vertx)
                .listen(0)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        Map<String, String> environment = new HashMap<>(Map.of(
                "GENAUTH_URL", "http://127.0.0.1:" + sandboxPort,
                "GENAUTH_APP_ID", "app",
                "GENAUTH_ALLOW_HTTP", "true",
                "QUARKUS_HTTP_PORT", "0",
                "QUARKUS_MANAGEMENT_PORT", "0"));
        environment.putAll(more);
        gateway = GatewayProcess.start(environment, options).awaitStart();
    }

    public GatewayProcess gateway() {
        return gateway;
    }

    public URL url() throws IOException {
        return URI.create(gateway.url()).toURL();
    }

    public String sandboxUrl() {
        return "http://127.0.0.1:" + sandboxPort;
    }

    /** Sets the sandbox's ways: {@code http=502&delay=300}. */
    public void sandbox(String failure) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(sandboxUrl() + "/sandbox/failure?" + failure))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        HttpClient.newHttpClient().send(request, BodyHandlers.discarding());
    }

    @Override
    public void close() throws IOException {
        gateway.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
