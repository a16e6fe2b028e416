package io.github.mfagateway.factors;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

import org.eclipse.microprofile.config.inject.ConfigProperty;

import io.netty.channel.Channel;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;

/**
 * Takes no connections any more when a stop's delay is over. Quarkus takes them until the requests in flight have their answers,
 * and then cuts everybody off; who comes after the delay is better refused, and asks elsewhere.
 */
@Singleton
class ClosingTime {

    private final Vertx vertx;
    private final Duration delay;
    private final Set<Channel> listening = ConcurrentHashMap.newKeySet();

    ClosingTime(Vertx vertx, @ConfigProperty(name = "quarkus.shutdown.delay") Duration delay) {
        this.vertx = vertx;
        this.delay = delay;
    }

    void register(@Observes Filters filters) {
        filters.register(this::find, FrontDoor.FIRST - 1);
    }

    /** Vert.x has no way to it but from a connection. */
    private void find(RoutingContext routing) {
        if (routing.request().connection() instanceof ConnectionBase connection) {
            listening.add(connection.channelHandlerContext().channel().parent());
        }
        routing.next();
    }

    void leave(@Observes ShutdownDelayInitiatedEvent stop) {
        vertx.setTimer(Math.max(1, delay.toMillis()), over -> listening.forEach(Channel::close));
    }
}
