package io.github.mfagateway.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import org.jboss.logging.Logger;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;

/**
 * Keeps one {@link Session}, or tries to. There is one only while this replica has told every eviction of its own and heard
 * those of the others.
 */
final class Sessions {

    // nobody waits for it; a process that has just started takes its time. Shorter than
    // quarkus.redis.tcp.read-idle-timeout
    private static final Duration ATTEMPT = Duration.ofMillis(2500);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    // evictions told in one go
    private static final int AT_ONCE = 500;

    private static final Logger LOG = Logger.getLogger("io.github.mfagateway.redis");

    private final Redis redis;
    private final Vertx vertx;
    private final Duration deadline;
    private final Outbox outbox;
    private final Feed feed;
    private final SharedMeters meters;
    private final String self = UUID.randomUUID().toString().substring(0, 8);

    private volatile Session session;
    private volatile boolean stopped;
    private boolean quiet;

    Sessions(Redis redis, Vertx vertx, Duration deadline, Outbox outbox, SharedMeters meters) {
        this.redis = redis;
        this.vertx = vertx;
        this.deadline = deadline;
        this.outbox = outbox;
        this.feed = new Feed(self, vertx, meters);
        this.meters = meters;
    }

    Feed feed() {
        return feed;
    }

    /** The session, if there is one, and no eviction of this replica's own is still to be told: it would find what that ends. */
    Optional<Session> current() {
        Session now = session;
        return now == null || !outbox.holdsNoEviction() ? Optional.empty() : Optional.of(now);
    }

    /** Tells it now, or as soon as there is a session. */
    void tell(Eviction eviction) {
        long added = outbox.add(eviction);
        Session now = session;
        if (now != null) {
            told(eviction, added, now).subscribe().with(done -> endIfOverflown(now), now::over);
        }
    }

    /** What could not be kept to be told is known to nobody: the next session makes Redis forget. */
    private void endIfOverflown(Session which) {
        if (outbox.isOverflown()) {
            which.over(new SessionOverException("too many evictions to tell"));
        }
    }

    /** None begins from now on. */
    void stop() {
        stopped = true;
    }

    void begin() {
        meters.halfOpen();
        connected().ifNoItem().after(ATTEMPT).fail().subscribe().with(this::begun, this::failed);
    }

    private Uni<Session> connected() {
        return Uni.combine()
                .all()
                .unis(
                        Uni.createFrom().deferred(() -> UniHelper.toUni(redis.connect())),
                        Uni.createFrom().deferred(() -> UniHelper.toUni(redis.connect())))
                .asTuple()
                .map(two -> new Session(two.getItem1(), two.getItem2(), deadline, this::over))
                .chain(next -> next.load()
                        .chain(() -> forgotten(next))
                        .chain(() -> feed.begin(next))
                        .chain(() -> toldAll(next))
                        .chain(() -> feed.pulse(next))
                        .replaceWith(next));
    }

    /** Too many were evicted to be told. */
    private Uni<Void> forgotten(Session next) {
        return outbox.isOverflown()
                ? next.forget().invoke(outbox::confirmForgotten)
                : Uni.createFrom().voidItem();
    }

    private Uni<Void> toldAll(Session next) {
        List<Map.Entry<Eviction, Long>> some = outbox.some(AT_ONCE);
        if (some.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return Uni.join()
                .all(some.stream()
                        .map(each -> told(each.getKey(), each.getValue(), next))
                        .toList())
                .andCollectFailures()
                .chain(() -> toldAll(next));
    }

    private Uni<Void> told(Eviction eviction, long added, Session to) {
        return meters.timed(eviction.operation(), to.tell(eviction, self).map(done -> SharedMeters.DONE))
                .invoke(() -> outbox.confirm(eviction, added))
                .replaceWithVoid();
    }

    private void begun(Session next) {
        synchronized (this) {
            if (next.isOver()) {
                failed(next.why());
                return;
            }
            session = next;
            quiet = false;
        }
        meters.closed();
        LOG.info("Redis is there: replicas remember together");
        feed.follow(next);
        // what was added since, by somebody who saw no session yet
        toldAll(next).subscribe().with(done -> endIfOverflown(next), next::over);
    }

    private void over(Session which) {
        synchronized (this) {
            if (session != which) {
                return;
            }
            session = null;
        }
        failed(which.why());
    }

    private void failed(Throwable why) {
        if (stopped) {
            return;
        }
        meters.open();
        synchronized (this) {
            if (!quiet) {
                LOG.warnf("Redis cannot be had: every replica remembers for itself (%s)", Session.reason(why));
            }
            quiet = true;
        }
        vertx.setTimer(PAUSE.toMillis(), passed -> begin());
    }
}
