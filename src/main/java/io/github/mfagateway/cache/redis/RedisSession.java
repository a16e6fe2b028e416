package io.github.mfagateway.cache.redis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import io.smallrye.mutiny.Uni;

/** The life of two connections. What was looked up in a session is stored in it or not at all. */
final class RedisSession implements RedisCommands.Listener {

    private final BiConsumer<String, byte[]> messages;
    private final Consumer<RedisSession> whenOver;
    private final String heartbeat;
    private final AtomicInteger unheard = new AtomicInteger();
    private final CompletableFuture<Void> heard = new CompletableFuture<>();
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
            unheard.set(0);
            heard.complete(null);
        } else {
            messages.accept(channel, message);
        }
    }

    /** Completes with the first heartbeat: the subscription is confirmed. */
    Uni<Void> heard() {
        return Uni.createFrom().completionStage(heard);
    }

    /** @return how many heartbeats in a row were sent and not heard, before this one */
    int sendsHeartbeat() {
        return unheard.getAndIncrement();
    }

    @Override
    public void lost(Throwable why) {
        over(why);
    }

    /** Ends it; the first reason counts. */
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
