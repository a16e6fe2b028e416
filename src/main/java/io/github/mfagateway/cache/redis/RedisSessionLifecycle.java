package io.github.mfagateway.cache.redis;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException;
import org.jboss.logging.Logger;

import io.github.mfagateway.cache.InvalidationListener;
import io.github.mfagateway.cache.TimeSources;
import io.github.mfagateway.cache.redis.RecentInvalidations.Logged;
import io.github.mfagateway.cache.redis.SharedCacheMetrics.Operation;
import io.smallrye.mutiny.Uni;

/**
 * Maintains one {@link RedisSession}, and reconnects. A session begins when Redis has all of this replica's invalidations. It
 * ends when the connection, a heartbeat or a publication fails, or the server changes. At both times the whole local cache
 * becomes stale, because invalidations may have been missed.
 */
final class RedisSessionLifecycle {

    private static final Logger LOG = Logger.getLogger("io.github.mfagateway.cache.redis");

    // no caller waits for it, and a process that has just started is slow
    private static final Duration ATTEMPT = Duration.ofMillis(2500);
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);
    private static final int MAX_MISSED_HEARTBEATS = 3;
    // doubled after each short session, because each makes the local cache stale twice
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(32);
    private static final Duration SHORT = Duration.ofSeconds(30);
    private static final int AT_ONCE = 100;

    private final RedisCommands.Connector connector;
    private final RedisKeys keyspace;
    private final RecentInvalidations log;
    private final SharedCacheMetrics metrics;
    private final TimeSources time;

    private volatile InvalidationListener invalidations;
    private volatile RedisSession session;
    private volatile boolean stopped;
    private boolean reported;
    private long begunAt;
    private Duration pause = PAUSE;

    RedisSessionLifecycle(
            RedisCommands.Connector connector,
            RedisKeys keyspace,
            RecentInvalidations log,
            SharedCacheMetrics metrics,
            TimeSources time) {
        this.connector = connector;
        this.keyspace = keyspace;
        this.log = log;
        this.metrics = metrics;
        this.time = time;
    }

    /** @param listener receives other replicas' invalidations */
    void start(InvalidationListener listener) {
        invalidations = listener;
        metrics.unavailable(true);
        attempt();
    }

    /** Starts no further session. */
    void stop() {
        stopped = true;
    }

    /** The session, if there is one and Redis has every invalidation of this replica. */
    Optional<RedisSession> current() {
        RedisSession now = session;
        return now == null || !log.isConfirmed() ? Optional.empty() : Optional.of(now);
    }

    /** Publishes the invalidation of {@code local}, now or in the next session. */
    void invalidate(Supplier<Invalidation> local) {
        log.start();
        try {
            Logged added = log.add(local.get());
            RedisSession now = session;
            if (now != null) {
                Uni<Void> published = log.takeOverflow() ? publishedAll(now) : published(added, now);
                published.subscribe().with(done -> {}, now::over);
            }
        } finally {
            log.finish();
        }
    }

    private void attempt() {
        if (stopped) {
            return;
        }
        RedisSession next = new RedisSession(keyspace.heartbeatChannel(), this::received, this::over);
        connector
                .connect(keyspace.channels(), keyspace.heartbeatChannel(), next)
                .invoke(next::connected)
                // within the deadline, so that a slow Redis does not delay callers again
                .chain(() -> next.commands().heartbeat())
                .chain(next::subscribed)
                .chain(() -> publishedAll(next))
                .ifNoItem()
                .after(ATTEMPT)
                .on(time.timer())
                .failWith(() -> new RedisSessionEndedException("no connection in time"))
                .subscribe()
                .with(published -> begun(next), next::over);
    }

    private void begun(RedisSession next) {
        synchronized (this) {
            if (next.isOver()) {
                return;
            }
            expireAll();
            begunAt = time.ticker().read();
            session = next;
            reported = false;
        }
        metrics.unavailable(false);
        LOG.info("Redis available: the cache is shared");
        // invalidations that were made before the session was set
        publishedAll(next).subscribe().with(done -> {}, next::over);
        scheduleHeartbeat(next);
    }

    private void over(RedisSession ended) {
        Duration wait = PAUSE;
        synchronized (this) {
            if (session == ended) {
                session = null;
                expireAll();
                wait = pauseAfterSession();
            }
            if (!reported && !stopped) {
                LOG.warnf("Redis unavailable (%s): using the local cache only", reason(ended.why()));
                reported = true;
            }
        }
        metrics.unavailable(true);
        if (!stopped) {
            time.timer().schedule(this::attempt, wait.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private Duration pauseAfterSession() {
        if (time.ticker().read() - begunAt >= SHORT.toNanos()) {
            pause = PAUSE;
        }
        Duration wait = pause;
        pause = wait.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? wait.multipliedBy(2) : LONGEST_PAUSE;
        return wait;
    }

    private void expireAll() {
        invalidations.expireAll();
        metrics.invalidatedAll();
    }

    private void received(String channel, byte[] message) {
        keyspace.read(channel, message).ifPresent(other -> {
            if (other.isOfAll()) {
                invalidations.invalidateAll();
                metrics.invalidatedAll();
            } else {
                other.user().ifPresent(invalidations::invalidate);
                other.key().ifPresent(invalidations::invalidate);
                metrics.invalidatedOne();
            }
        });
    }

    private void scheduleHeartbeat(RedisSession of) {
        if (stopped) {
            return;
        }
        time.timer().schedule(() -> heartbeat(of), HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void heartbeat(RedisSession of) {
        if (of.isOver()) {
            return;
        }
        if (of.heartbeatSent() >= MAX_MISSED_HEARTBEATS) {
            of.over(new RedisSessionEndedException("no heartbeat received"));
            return;
        }
        of.commands().heartbeat().subscribe().with(replicationId -> alive(of, replicationId), failure -> {
            if (failure instanceof TimeoutException) {
                scheduleHeartbeat(of);
            } else {
                of.over(failure);
            }
        });
    }

    private void alive(RedisSession of, String replicationId) {
        if (replicationId.equals(of.replicationId())) {
            scheduleHeartbeat(of);
        } else {
            of.over(new RedisSessionEndedException("another server, or another history of its data"));
        }
    }

    private Uni<Void> publishedAll(RedisSession to) {
        List<Logged> some = log.unconfirmedBy(to.replicationId(), AT_ONCE);
        if (some.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return Uni.join()
                .all(some.stream().map(each -> published(each, to)).toList())
                .andCollectFailures()
                .chain(() -> publishedAll(to));
    }

    private Uni<Void> published(Logged record, RedisSession to) {
        Invalidation invalidation = record.invalidation();
        RedisCommands commands = to.commands();
        Uni<Void> deleted = invalidation.isOfAll()
                ? commands.deleteAll(keyspace.prefix())
                : Uni.createFrom().voidItem();
        Uni<Void> done =
                deleted.chain(() -> commands.invalidate(keyspace.keys(invalidation), keyspace.messages(invalidation)));
        return metrics.timed(Operation.INVALIDATE, done.replaceWith("done"))
                .invoke(() -> log.confirm(record, to.replicationId()))
                .replaceWithVoid();
    }

    private static String reason(Throwable why) {
        return why instanceof TimeoutException ? "no reply in time" : why.getMessage();
    }
}
