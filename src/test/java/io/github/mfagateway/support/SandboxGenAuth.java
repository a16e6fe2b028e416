package io.github.mfagateway.support;

import java.util.Map;

import io.github.mfagateway.sandbox.Sandbox;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.Vertx;

/** The sandbox as the tests' GenAuth, with the state of enrollments. */
public class SandboxGenAuth implements QuarkusTestResourceLifecycleManager {

    private final Vertx vertx = Vertx.vertx();

    @Override
    public Map<String, String> start() {
        int port = new Sandbox(vertx)
                .listen(0)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        return Map.of("genauth.url", "http://127.0.0.1:" + port, "genauth.app-id", "app", "genauth.allow-http", "true");
    }

    @Override
    public void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
