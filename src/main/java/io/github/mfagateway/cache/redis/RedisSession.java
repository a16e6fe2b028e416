package io.github.mfagateway.cache.redis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import io.smallrye.mutiny.Uni;

/** The lifetime of two connections. A response is stored only in the session of its lookup. */
final class RedisSession implements RedisCommands.Listener {

    private final BiConsumer<String, byte[]> messages;
    private final Consumer<RedisSession> whenOver;
    private final String heartbeat;
    private final AtomicInteger missedHeartbeats = new AtomicInteger();
    private final CompletableFuture<Void> subscribed = new CompletableFuture<>();
    private final AtomicReference<Throwable> end = new AtomicReference<>();

    private volatile RedisCommands commands;

    /**
     * @param heartbeat the replica's own channel
     * @param messages of the other channels
     */
    RedisSession(String heartbeat, BiConsumer<String, byte[]> messages, Consumer<RedisSession> whenOver) {
        this.heartbeat = heartbeat;
        this.messages = messages;
        this.whenOver = whenOver;
    }

    void connected(RedisCommands connection) {
        commands = connection;
        if (isOver()) {
            connection.close();
        }
    }

    RedisCommands commands() {
        return commands;
    }

    String replicationId() {
        return commands.replicationId();
    }

    @Override
    public void message(String channel, byte[] message) {
        if (channel.equals(heartbeat)) {
            missedHeartbeats.set(0);
            subscribed.complete(null);
        } else {
            messages.accept(channel, message);
        }
    }

    /** Completes with the first heartbeat: the subscription is confirmed. */
    Uni<Void> subscribed() {
        return Uni.createFrom().completionStage(subscribed);
    }

    /** @return how many consecutive heartbeats were sent but not received, before this one */
    int heartbeatSent() {
        return missedHeartbeats.getAndIncrement();
    }

    @Override
    public void lost(Throwable why) {
        over(why);
    }

    /** Ends the session; the first reason is retained. */
    void over(Throwable why) {
        if (end.compareAndSet(null, why)) {
            if (commands != null) {
                commands.close();
            }
            whenOver.accept(this);
        }
    }

    boolean isOver() {
        return end.get() != null;
    }

    Throwable why() {
        return end.get();
    }
}
