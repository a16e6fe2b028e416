package io.github.mfagateway.redis;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;

/**
 * Two connections to Redis: one for commands, which all go through it at once, and one that waits for evictions. It is over
 * when a connection is, when its breaker opens, or when Redis cannot do what is asked of it; another one begins then.
 */
final class Session {

    private static final String FULL = "OOM";
    static final String NO_KEY = "mfa:none";
    // a load takes at most genauth.deadline, which is at most a minute
    private static final Duration LONGER_THAN_ANY_FLIGHT = Duration.ofMinutes(2);
    // about 100 bytes each; a replica that was away for more asks for every answer again
    private static final int TOLD = 10_000;

    private final RedisConnection commands;
    private final RedisConnection feed;
    private final Duration deadline;
    private final Breaker breaker = new Breaker();
    private final AtomicReference<Throwable> end = new AtomicReference<>();
    private final Consumer<Session> whenOver;

    // written before latest, and read after it: so what is told of a mark's age is never too much
    private volatile long latestRead;
    private volatile Mark latest;

    Session(RedisConnection commands, RedisConnection feed, Duration deadline, Consumer<Session> whenOver) {
        this.commands = commands;
        this.feed = feed;
        this.deadline = deadline;
        this.whenOver = whenOver;
        for (RedisConnection connection : List.of(commands, feed)) {
            connection.exceptionHandler(this::over);
            connection.endHandler(ended -> over(new SessionOverException("the connection is closed")));
        }
    }

    /** Where the count of evictions stands, and the first one that is still told. */
    record Beginning(Mark mark, long firstTold) {}

    /** What there is under a name. */
    record Looked(Mark now, Optional<byte[]> value, boolean distrusted) {}

    /** Makes the scripts known. */
    Uni<Void> load() {
        List<Request> loads = Stream.of(Script.values())
                .map(script -> Request.cmd(Command.SCRIPT).arg("LOAD").arg(script.text()))
                .toList();
        return UniHelper.toUni(commands.batch(loads)).replaceWithVoid();
    }

    Uni<Beginning> begin(String newGeneration) {
        return run(Script.BEGIN, this::beginning, NO_KEY, newGeneration, Script.FLOORS_LENGTH);
    }

    Uni<Void> forget() {
        return run(Script.FORGET, done -> done, NO_KEY).replaceWithVoid();
    }

    /** Whether Redis is still there, still takes writes, and has not forgotten. */
    Uni<Mark> pulse(String newGeneration) {
        return guarded(Script.BEGIN, this::beginning, NO_KEY, newGeneration, Script.FLOORS_LENGTH)
                .map(Beginning::mark);
    }

    Uni<Looked> look(String name) {
        return guarded(Script.LOOK, Session::looked, name, StoredValue.FORMAT);
    }

    /** @return whether it was stored */
    Uni<Boolean> store(String name, byte[] value, Duration life) {
        return guarded(Script.STORE, Response::toBoolean, name, value, life.toMillis());
    }

    Uni<Void> tell(Eviction eviction, String by) {
        return (eviction.kind() == Eviction.Kind.REMOVE
                        ? guarded(Script.REMOVE, done -> done, eviction.answer(), LONGER_THAN_ANY_FLIGHT.toMillis())
                        : guarded(
                                Script.EVICT,
                                done -> done,
                                eviction.answer(),
                                eviction.kind().label(),
                                eviction.user(),
                                Names.bucket(eviction.user()),
                                by,
                                TOLD))
                .replaceWithVoid();
    }

    /** The evictions after a number, at once or within {@code wait}; null if there are none. */
    Uni<Response> toldAfter(long number, int most, Duration wait) {
        Request request = Request.cmd(Command.XREAD).arg("COUNT").arg(most);
        if (!wait.isZero()) {
            request.arg("BLOCK").arg(wait.toMillis());
        }
        return sent(feed, request.arg("STREAMS").arg(Script.EVICTIONS).arg(number + "-0"));
    }

    private Beginning beginning(Response reply) {
        latestRead = System.nanoTime();
        latest = mark(reply);
        String first = reply.get(2).toString();
        return new Beginning(latest, first.isEmpty() ? latest.evictions() + 1 : Feed.number(first));
    }

    private static Looked looked(Response reply) {
        return reply.size() == 2
                ? new Looked(mark(reply), Optional.empty(), false)
                : new Looked(
                        mark(reply),
                        Optional.of(reply.get(2).toBytes()),
                        reply.get(3).toBoolean());
    }

    private static Mark mark(Response reply) {
        return Mark.of(reply.get(0).toString(), reply.get(1).toString());
    }

    /** Within the deadline, and counted by the breaker. */
    private <T> Uni<T> guarded(Script script, Function<Response, T> read, String key, Object... arguments) {
        return run(script, read, key, arguments)
                .ifNoItem()
                .after(deadline)
                .failWith(TimeoutException::new)
                .onItemOrFailure()
                .invoke((done, failure) -> {
                    if (breaker.count(failure != null && !isFull(failure))) {
                        over(new SessionOverException("half of the last commands failed"));
                    }
                });
    }

    private <T> Uni<T> run(Script script, Function<Response, T> read, String key, Object... arguments) {
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

    /** A moment before this one. What begins now begins after it. */
    Mark now() {
        Mark before = latest;
        return before.later(System.nanoTime() - latestRead);
    }

    /** Ends it; the first reason counts. */
    void over(Throwable why) {
        if (end.compareAndSet(null, why)) {
            // not given back to the pool: whoever gets it would wait behind what has not been answered. It closes when
            // it has been silent for quarkus.redis.tcp.read-idle-timeout.
            whenOver.accept(this);
        }
    }

    boolean isOver() {
        return end.get() != null;
    }

    /** Why it is over. */
    Throwable why() {
        return end.get();
    }

    static String reason(Throwable why) {
        return why instanceof TimeoutException ? "no answer in time" : why.getMessage();
    }

    static boolean isFull(Throwable failure) {
        return failure instanceof ErrorType error && error.is(FULL);
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
}
