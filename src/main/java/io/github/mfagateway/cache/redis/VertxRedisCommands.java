package io.github.mfagateway.cache.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;

/**
 * Redis through Vert.x' client, with one connection for commands and one for the subscription. They are separate because
 * with RESP3 that client (4.5) drops a pending command when a message arrives.
 */
final class VertxRedisCommands implements RedisCommands {

    // a load takes at most genauth.deadline, which is at most a minute
    static final Duration LONGER_THAN_ANY_LOAD = Duration.ofMinutes(2);

    private static final Pattern REPLICATION_ID = Pattern.compile("master_replid:(\\w+)");
    private static final int SCANNED_AT_ONCE = 1000;

    private final RedisConnection commands;
    private final RedisConnection subscriber;
    private final RedisCircuitBreaker breaker;
    private final String heartbeat;
    private final Listener listener;
    private String replicationId;

    private VertxRedisCommands(
            RedisConnection commands,
            RedisConnection subscriber,
            RedisCircuitBreaker breaker,
            String heartbeat,
            Listener listener) {
        this.commands = commands;
        this.subscriber = subscriber;
        this.breaker = breaker;
        this.heartbeat = heartbeat;
        this.listener = listener;
        subscriber.handler(this::received);
        for (RedisConnection connection : List.of(commands, subscriber)) {
            connection.exceptionHandler(listener::lost);
            connection.endHandler(ended -> listener.lost(new RedisSessionEndedException("the connection is closed")));
        }
    }

    /** @param deadline of each command */
    static Connector connector(Redis redis, Duration deadline) {
        RedisCircuitBreaker breaker = new RedisCircuitBreaker(deadline);
        return (channels, heartbeat, listener) -> Uni.combine()
                .all()
                .unis(connection(redis), connection(redis))
                .asTuple()
                .map(two -> new VertxRedisCommands(two.getItem1(), two.getItem2(), breaker, heartbeat, listener))
                .chain(connected -> connected.subscribe(channels));
    }

    private static Uni<RedisConnection> connection(Redis redis) {
        return Uni.createFrom().deferred(() -> UniHelper.toUni(redis.connect()));
    }

    private Uni<RedisCommands> subscribe(List<String> channels) {
        Request subscribe = Request.cmd(Command.SUBSCRIBE).arg(heartbeat);
        channels.forEach(subscribe::arg);
        return UniHelper.toUni(subscriber.send(subscribe))
                // without the deadline, because no caller waits and classes are loaded
                .chain(() -> sent(Request.cmd(Command.INFO).arg("replication"), Response::toString))
                .map(info -> {
                    replicationId = replicationId(info);
                    return this;
                });
    }

    private static String replicationId(String info) {
        Matcher id = REPLICATION_ID.matcher(info);
        if (!info.contains("role:master") || !id.find()) {
            throw new RedisSessionEndedException("it is a replica");
        }
        return id.group(1);
    }

    private void received(Response message) {
        try {
            if (message.get(0).toString().equals("message")) {
                listener.message(message.get(1).toString(), message.get(2).toBytes());
            }
        } catch (RuntimeException garbled) {
            listener.lost(garbled);
        }
    }

    @Override
    public String replicationId() {
        return replicationId;
    }

    @Override
    public Uni<Lookup> lookup(String entry, List<String> epochs, String newEpoch) {
        Request lookup = evaluation(RedisScripts.LOOKUP, keys(entry, epochs))
                .arg(newEpoch)
                .arg(LONGER_THAN_ANY_LOAD.toMillis());
        return guarded(
                lookup,
                reply -> new Lookup(
                        reply.get(0).toString(),
                        Long.parseLong(reply.get(1).toString()),
                        reply.get(2).toString(),
                        Optional.ofNullable(reply.get(3)).map(Response::toBytes)));
    }

    @Override
    public Uni<Stored> store(String entry, List<String> epochs, String epoch, byte[] value, long expiresAt) {
        Request store = evaluation(RedisScripts.STORE, keys(entry, epochs))
                .arg(epoch)
                .arg(value)
                .arg(expiresAt)
                .arg(LONGER_THAN_ANY_LOAD.toMillis());
        return guarded(store, reply -> reply.toInteger() == 1 ? Stored.STORED : Stored.OUTDATED)
                .onFailure(RedisCircuitBreaker::isFull)
                .recoverWithItem(Stored.FULL);
    }

    @Override
    public Uni<Void> remove(String entry, byte[] beginning) {
        return done(guarded(evaluation(RedisScripts.REMOVE, List.of(entry)).arg(beginning), Response::toInteger));
    }

    @Override
    public Uni<Void> invalidate(List<String> keys, List<Message> messages) {
        Request invalidate = evaluation(RedisScripts.INVALIDATE, keys);
        messages.forEach(message -> invalidate.arg(message.channel()).arg(message.content()));
        return done(guarded(invalidate, Response::toInteger));
    }

    @Override
    public Uni<Void> deleteAll(String prefix) {
        return deleteAll(prefix, "0");
    }

    private Uni<Void> deleteAll(String prefix, String cursor) {
        Request scan = Request.cmd(Command.SCAN)
                .arg(cursor)
                .arg("MATCH")
                .arg(prefix + "*")
                .arg("COUNT")
                .arg(SCANNED_AT_ONCE);
        return guarded(scan, page -> page).chain(page -> {
            List<String> keys = page.get(1).stream().map(Response::toString).toList();
            String next = page.get(0).toString();
            return invalidate(keys, List.of())
                    .chain(() -> next.equals("0") ? Uni.createFrom().voidItem() : deleteAll(prefix, next));
        });
    }

    @Override
    public Uni<String> heartbeat() {
        return guarded(evaluation(RedisScripts.HEARTBEAT, List.of(heartbeat)), Response::toString);
    }

    /**
     * Does not close the connection for commands: it would return to the pool, with a pending command before the next one.
     * It closes after {@code quarkus.redis.tcp.read-idle-timeout} without a reply.
     */
    @Override
    public void close() {
        subscriber.close();
    }

    private static List<String> keys(String entry, List<String> epochs) {
        return Stream.concat(Stream.of(entry), epochs.stream()).toList();
    }

    private static Request evaluation(String script, List<String> keys) {
        Request request = Request.cmd(Command.EVAL).arg(script).arg(keys.size());
        keys.forEach(key -> request.arg(key.getBytes(StandardCharsets.US_ASCII)));
        return request;
    }

    private static Uni<Void> done(Uni<Integer> reply) {
        return reply.replaceWithVoid();
    }

    private <T> Uni<T> guarded(Request request, Function<Response, T> read) {
        return breaker.call(() -> sent(request, read));
    }

    private <T> Uni<T> sent(Request request, Function<Response, T> read) {
        return UniHelper.toUni(commands.send(request)).map(reply -> {
            try {
                return read.apply(reply);
            } catch (RuntimeException garbled) {
                // the next replies may belong to other commands
                RedisSessionEndedException why = new RedisSessionEndedException("a reply is unreadable");
                listener.lost(why);
                throw why;
            }
        });
    }
}
