package io.github.mfagateway.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

import org.eclipse.microprofile.config.inject.ConfigProperty;

import io.netty.channel.Channel;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.vertx.core.Vertx;

/**
 * Stops accepting connections after the shutdown delay, so that clients retry on another pod. Until then Quarkus' responses
 * have {@code Connection: close}, and no cache hit is written below Quarkus.
 */
@Singleton
class GracefulShutdown {

    private final Vertx vertx;
    private final Duration delay;
    private final Set<Channel> listening = ConcurrentHashMap.newKeySet();

    private volatile boolean begun;

    GracefulShutdown(Vertx vertx, @ConfigProperty(name = "quarkus.shutdown.delay") Duration delay) {
        this.vertx = vertx;
        this.delay = delay;
    }

    /** @param socket that accepts callers' connections */
    void listens(Channel socket) {
        listening.add(socket);
    }

    boolean hasBegun() {
        return begun;
    }

    void begin(@Observes ShutdownDelayInitiatedEvent stop) {
        begun = true;
        vertx.setTimer(Math.max(1, delay.toMillis()), over -> listening.forEach(Channel::close));
    }
}
