package io.github.mfagateway.redis;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;

/**
 * Two connections to Redis: one for commands, which all go through it at once, and one that waits for evictions. It is over
 * when a connection is, when Redis cannot do what is asked of it or answers what is no answer, or when it is told so.
 */
final class Wire {

    private static final String FULL = "OOM";

    private final RedisConnection commands;
    private final RedisConnection feed;
    private final Runnable whenOver;
    private final AtomicReference<Throwable> end = new AtomicReference<>();

    Wire(RedisConnection commands, RedisConnection feed, Runnable whenOver) {
        this.commands = commands;
        this.feed = feed;
        this.whenOver = whenOver;
        for (RedisConnection connection : List.of(commands, feed)) {
            connection.exceptionHandler(this::over);
            connection.endHandler(ended -> over(new SessionOverException("the connection is closed")));
        }
    }

    /** Makes the scripts known. */
    Uni<Void> load() {
        List<Request> loads = Stream.of(Script.values())
                .map(script -> Request.cmd(Command.SCRIPT).arg("LOAD").arg(script.text()))
                .toList();
        return UniHelper.toUni(commands.batch(loads)).replaceWithVoid();
    }

    <T> Uni<T> run(Script script, Function<Response, T> read, String key, Object... arguments) {
        Request request = Request.cmd(Command.EVALSHA)
                .arg(script.sha1())
                .arg(3)
                .arg(Script.FLOORS)
                .arg(Script.EVICTIONS)
                .arg(key);
        for (Object argument : arguments) {
            if (argument instanceof byte[] bytes) {
                request.arg(bytes);
            } else {
                request.arg(argument.toString());
            }
        }
        return sent(commands, request).map(reply -> {
            try {
                return read.apply(reply);
            } catch (RuntimeException garbled) {
                // the next replies may be answers to something else
                over(garbled);
                throw new UnreadableException("Redis answers what is no answer");
            }
        });
    }

    Uni<Response> sentToFeed(Request request) {
        return sent(feed, request);
    }

    private Uni<Response> sent(RedisConnection connection, Request request) {
        if (isOver()) {
            return Uni.createFrom().failure(new SessionOverException("it is over"));
        }
        return UniHelper.toUni(connection.send(request))
                .onFailure(failure -> failure instanceof ErrorType && !isFull(failure))
                // read-only, loading, not permitted, scripts gone: what comes next would fail too
                .invoke(this::over);
    }

    /** Ends it; the first reason counts. */
    void over(Throwable why) {
        if (end.compareAndSet(null, why)) {
            // not given back to the pool: whoever gets it would wait behind what has not been answered. It closes when
            // it has been silent for quarkus.redis.tcp.read-idle-timeout.
            whenOver.run();
        }
    }

    boolean isOver() {
        return end.get() != null;
    }

    /** Why it is over. */
    Throwable why() {
        return end.get();
    }

    static boolean isFull(Throwable failure) {
        return failure instanceof ErrorType error && error.is(FULL);
    }
}
