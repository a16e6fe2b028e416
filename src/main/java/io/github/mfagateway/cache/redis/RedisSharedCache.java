package io.github.mfagateway.cache.redis;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;

import io.github.mfagateway.cache.CacheKey;
import io.github.mfagateway.cache.InvalidationListener;
import io.github.mfagateway.cache.LoadedResponse;
import io.github.mfagateway.cache.ResponseCodec;
import io.github.mfagateway.cache.SharedCache;
import io.github.mfagateway.cache.SharedCacheEntry;
import io.github.mfagateway.cache.UserDigest;
import io.github.mfagateway.cache.redis.SharedCacheMetrics.Operation;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

/** The shared cache in Redis. Without a session nothing is shared, and no caller waits. */
final class RedisSharedCache implements SharedCache {

    private final RedisSessionLifecycle sessions;
    private final RedisKeys keyspace;
    private final SharedCacheMetrics metrics;

    RedisSharedCache(RedisSessionLifecycle sessions, RedisKeys keyspace, SharedCacheMetrics metrics) {
        this.sessions = sessions;
        this.keyspace = keyspace;
        this.metrics = metrics;
    }

    @Override
    public void invalidate(CacheKey key, Supplier<Optional<String>> local) {
        sessions.invalidate(() -> new Invalidation(Optional.of(key), local.get()));
    }

    @Override
    public void purge(Optional<String> user, Runnable local) {
        sessions.invalidate(() -> {
            local.run();
            return new Invalidation(Optional.empty(), user);
        });
    }

    @Override
    public void subscribe(InvalidationListener invalidations) {
        sessions.start(invalidations);
    }

    void stop() {
        sessions.stop();
    }

    @Override
    public <V> Uni<SharedCacheEntry<V>> lookup(
            CacheKey key, String token, Optional<String> claimed, ResponseCodec<V> codec) {
        Optional<RedisSession> session = sessions.current();
        if (session.isEmpty()) {
            metrics.ended(Operation.LOOKUP, SharedCacheMetrics.UNAVAILABLE, 0);
            return Uni.createFrom().item(SharedCacheEntry.none());
        }
        Uni<SharedCacheEntry<V>> entry = new Place<>(
                        key, claimed.map(UserDigest::of), new EncryptedEntryCodec<>(keyspace.secret(), token, codec))
                .lookup(session.get());
        // back to the caller's context, because all of Redis' replies arrive on one thread
        Context caller = Vertx.currentContext();
        return caller == null ? entry : entry.emitOn(then -> caller.runOnContext(here -> then.run()));
    }

    /** The names of one key's entry and epochs. */
    private final class Place<V> {

        private final String name;
        private final List<String> epochs;
        private final Optional<String> user;
        private final EncryptedEntryCodec<V> codec;

        Place(CacheKey key, Optional<String> user, EncryptedEntryCodec<V> codec) {
            this.name = keyspace.entry(key);
            this.epochs = keyspace.epochs(key, user);
            this.user = user;
            this.codec = codec;
        }

        Uni<SharedCacheEntry<V>> lookup(RedisSession session) {
            long start = System.nanoTime();
            return session.commands()
                    .lookup(name, epochs, keyspace.randomEpoch())
                    .map(lookup -> entry(session, lookup, start))
                    .onFailure()
                    .recoverWithItem(failure -> {
                        metrics.failed(Operation.LOOKUP, failure, System.nanoTime() - start);
                        if (failure instanceof CircuitBreakerOpenException) {
                            session.over(failure);
                        }
                        return SharedCacheEntry.none();
                    });
        }

        private SharedCacheEntry<V> entry(RedisSession session, RedisCommands.Lookup lookup, long start) {
            if (!lookup.replicationId().equals(session.replicationId())) {
                RedisSessionEndedException another =
                        new RedisSessionEndedException("another history of the server's data");
                session.over(another);
                throw another;
            }
            String context = String.join(" ", name, String.join(" ", epochs), lookup.epoch(), lookup.replicationId());
            long took = System.nanoTime() - start;
            Optional<SharedCacheEntry.Copy<V>> copy = lookup.value()
                    .flatMap(value -> codec.decode(context, lookup.micros(), user, value))
                    .map(found -> older(found, took));
            String outcome = copy.isPresent() ? "hit" : lookup.value().isPresent() ? "invalid" : "miss";
            metrics.ended(Operation.LOOKUP, outcome, took);
            return new Entry(session, lookup, context, copy);
        }

        /** Adds the duration of the lookup to the age. */
        private SharedCacheEntry.Copy<V> older(SharedCacheEntry.Copy<V> copy, long nanos) {
            return new SharedCacheEntry.Copy<>(copy.fetched(), copy.age().plusNanos(nanos), copy.jitter());
        }

        private final class Entry implements SharedCacheEntry<V> {

            private final RedisSession session;
            private final RedisCommands.Lookup lookup;
            private final String context;
            private final Optional<Copy<V>> copy;

            Entry(RedisSession session, RedisCommands.Lookup lookup, String context, Optional<Copy<V>> copy) {
                this.session = session;
                this.lookup = lookup;
                this.context = context;
                this.copy = copy;
            }

            @Override
            public Optional<Copy<V>> copy() {
                return copy;
            }

            @Override
            public void store(LoadedResponse<V> fetched, double jitter, Duration life) {
                // the lookup checked another user's epoch, which does not show this user's invalidations
                if (session.isOver() || life.isZero() || !fetched.subject().equals(user)) {
                    return;
                }
                byte[] value = codec.encode(context, lookup.micros(), fetched, jitter);
                long expiresAt = lookup.micros() + life.toNanos() / 1000;
                ignored(metrics.timed(
                        Operation.STORE,
                        session.commands()
                                .store(name, epochs, lookup.epoch(), value, expiresAt)
                                .map(SharedCacheMetrics::outcome)));
            }

            @Override
            public void remove() {
                if (session.isOver() || copy.isEmpty()) {
                    return;
                }
                byte[] beginning = Arrays.copyOf(lookup.value().orElseThrow(), EncryptedEntryCodec.BEGINNING);
                ignored(metrics.timed(
                        Operation.REMOVE,
                        session.commands().remove(name, beginning).replaceWith("done")));
            }

            private void ignored(Uni<String> ended) {
                ended.subscribe().with(done -> {}, failed -> {});
            }
        }
    }
}
