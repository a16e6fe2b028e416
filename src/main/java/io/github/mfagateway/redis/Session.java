package io.github.mfagateway.redis;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;

/**
 * What is asked of Redis, as long as its {@link Wire} holds and its breaker is closed. When it is over it stays so, and another
 * one begins.
 */
final class Session {

    static final String NO_KEY = "mfa:none";
    // a load takes at most genauth.deadline, which is at most a minute
    private static final Duration LONGER_THAN_ANY_FLIGHT = Duration.ofMinutes(2);
    // about 100 bytes each; a replica that was away for more asks for every answer again
    private static final int TOLD = 10_000;

    private final Wire wire;
    private final Duration deadline;
    private final Breaker breaker = new Breaker();

    // written before latest, and read after it: so what is told of a mark's age is never too much
    private volatile long latestRead;
    private volatile Mark latest;

    Session(RedisConnection commands, RedisConnection feed, Duration deadline, Consumer<Session> whenOver) {
        this.wire = new Wire(commands, feed, () -> whenOver.accept(this));
        this.deadline = deadline;
    }

    /** Where the count of evictions stands, and the first one that is still told. */
    record Beginning(Mark mark, long firstTold) {}

    /** What there is under a name. */
    record Looked(Mark now, Optional<byte[]> value) {}

    /** Makes the scripts known. */
    Uni<Void> load() {
        return wire.load();
    }

    Uni<Beginning> begin(String newGeneration) {
        return wire.run(Script.BEGIN, this::beginning, NO_KEY, newGeneration, Script.FLOORS_LENGTH);
    }

    Uni<Void> forget() {
        return wire.run(Script.FORGET, done -> done, NO_KEY).replaceWithVoid();
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
        return wire.sentToFeed(request.arg("STREAMS").arg(Script.EVICTIONS).arg(number + "-0"));
    }

    private Beginning beginning(Response reply) {
        latestRead = System.nanoTime();
        latest = mark(reply);
        String first = reply.get(2).toString();
        return new Beginning(latest, first.isEmpty() ? latest.evictions() + 1 : Feed.number(first));
    }

    private static Looked looked(Response reply) {
        return reply.size() == 2
                ? new Looked(mark(reply), Optional.empty())
                : new Looked(mark(reply), Optional.of(reply.get(2).toBytes()));
    }

    private static Mark mark(Response reply) {
        return Mark.of(reply.get(0).toString(), reply.get(1).toString());
    }

    /** Within the deadline, and counted by the breaker. */
    private <T> Uni<T> guarded(Script script, Function<Response, T> read, String key, Object... arguments) {
        return wire.run(script, read, key, arguments)
                .ifNoItem()
                .after(deadline)
                .failWith(TimeoutException::new)
                .onItemOrFailure()
                .invoke((done, failure) -> {
                    if (breaker.count(failure != null && !Wire.isFull(failure))) {
                        wire.over(new SessionOverException("half of the last commands failed"));
                    }
                });
    }

    /** A moment before this one. What begins now begins after it. */
    Mark now() {
        Mark before = latest;
        return before.later(System.nanoTime() - latestRead);
    }

    void over(Throwable why) {
        wire.over(why);
    }

    boolean isOver() {
        return wire.isOver();
    }

    Throwable why() {
        return wire.why();
    }

    static String reason(Throwable why) {
        return why instanceof TimeoutException ? "no answer in time" : why.getMessage();
    }
}
