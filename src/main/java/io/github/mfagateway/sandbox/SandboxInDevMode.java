package io.github.mfagateway.sandbox;

import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;

/** Starts the {@link Sandbox} beside the gateway in dev mode, and logs a request to try. */
@IfBuildProfile("dev")
@Singleton
class SandboxInDevMode {

    private static final Logger LOG = Logger.getLogger(SandboxInDevMode.class);

    private final Sandbox sandbox;

    SandboxInDevMode(Vertx vertx) {
        this.sandbox = new Sandbox(vertx);
    }

    void start(
            @Observes StartupEvent event,
            @ConfigProperty(name = "sandbox.port") int port,
            @ConfigProperty(name = "quarkus.http.port") int gatewayPort) {
        sandbox.listen(port).toCompletionStage().toCompletableFuture().join();
        LOG.infof(
                "A stand-in for GenAuth listens on 127.0.0.1:%d. Try:%n%n"
                        + "    curl -H \"Authorization: Bearer alice\" localhost:%d/mfa/factors/enrollable%n",
                port, gatewayPort);
    }

    void stop(@Observes ShutdownEvent event) {
        sandbox.close().toCompletionStage().toCompletableFuture().join();
    }
}
