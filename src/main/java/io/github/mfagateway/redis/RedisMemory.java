package io.github.mfagateway.redis;

import java.time.Duration;
import java.util.Optional;

import io.github.mfagateway.cache.AnswerBytes;
import io.github.mfagateway.cache.CacheKey;
import io.github.mfagateway.cache.Fetched;
import io.github.mfagateway.cache.Invalidations;
import io.github.mfagateway.cache.SharedAnswer;
import io.github.mfagateway.cache.SharedMemory;
import io.github.mfagateway.redis.SharedMeters.Operation;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

/** Redis as the memory that replicas share. Without a session it is as if nothing were shared, at once. */
final class RedisMemory implements SharedMemory {

    private final Sessions sessions;
    private final SharedMeters meters;
    private final Names names;
    private final Seal seal;

    RedisMemory(Sessions sessions, SharedMeters meters, byte[] secret) {
        this.sessions = sessions;
        this.meters = meters;
        this.names = new Names(secret);
        this.seal = new Seal(secret);
    }

    @Override
    public Optional<String> user(CacheKey key, Optional<String> subject) {
        return Optional.of(subject.map(names::user).orElseGet(() -> names.bearer(key)));
    }

    @Override
    public <V> SharedAnswer<V> answer(CacheKey key, String secret, AnswerBytes<V> bytes) {
        return new Place<>(key, secret, bytes);
    }

    @Override
    public void evict(CacheKey key, String user) {
        sessions.tell(Eviction.of(user, names.answer(key)));
    }

    @Override
    public void tell(Invalidations invalidations) {
        sessions.feed().tell(invalidations);
        sessions.begin();
    }

    void stop() {
        sessions.stop();
    }

    private final class Place<V> implements SharedAnswer<V> {

        private final CacheKey key;
        private final String token;
        private final AnswerBytes<V> bytes;

        Place(CacheKey key, String token, AnswerBytes<V> bytes) {
            this.key = key;
            this.token = token;
            this.bytes = bytes;
        }

        @Override
        public Uni<Seen<V>> look() {
            Optional<Session> session = sessions.current();
            if (session.isEmpty()) {
                meters.ended(Operation.LOOKUP, SharedMeters.UNAVAILABLE, 0);
                return Uni.createFrom().item(SharedAnswer.nothing());
            }
            String name = names.answer(key);
            long start = System.nanoTime();
            Uni<Seen<V>> seen = session.get()
                    .look(name)
                    .map(looked -> seen(session.get(), name, looked, start))
                    .onFailure()
                    .recoverWithItem(failure -> {
                        meters.failed(Operation.LOOKUP, failure, System.nanoTime() - start);
                        return SharedAnswer.nothing();
                    });
            // back to where the caller was: all answers of Redis come on one thread
            Context caller = Vertx.currentContext();
            return caller == null ? seen : seen.emitOn(then -> caller.runOnContext(here -> then.run()));
        }

        @Override
        public Seen<V> unseen() {
            return sessions.current()
                    .<Seen<V>>map(session -> new Sighting(session, names.answer(key), session.now(), Optional.empty()))
                    .orElseGet(SharedAnswer::nothing);
        }

        @Override
        public void remove() {
            sessions.tell(Eviction.removal(names.answer(key)));
        }

        private Seen<V> seen(Session session, String name, Session.Looked looked, long start) {
            Optional<Copy<V>> copy = looked.value()
                    .flatMap(value -> StoredValue.read(seal, token, name, looked.now(), value, bytes))
                    .map(found -> older(found, System.nanoTime() - start));
            String outcome = copy.isPresent() ? "hit" : looked.value().isPresent() ? "unreadable" : "miss";
            meters.ended(Operation.LOOKUP, outcome, System.nanoTime() - start);
            return new Sighting(session, name, looked.now(), copy);
        }

        /** It grew older on its way. */
        private Copy<V> older(Copy<V> copy, long nanos) {
            return new Copy<>(copy.fetched(), copy.age().plusNanos(nanos), copy.jitter());
        }

        private final class Sighting implements Seen<V> {

            private final Session session;
            private final String name;
            private final Mark since;
            private final Optional<Copy<V>> copy;

            Sighting(Session session, String name, Mark since, Optional<Copy<V>> copy) {
                this.session = session;
                this.name = name;
                this.since = since;
                this.copy = copy;
            }

            @Override
            public Optional<Copy<V>> copy() {
                return copy;
            }

            /** In the session it was seen in, because another one's server may count otherwise. */
            @Override
            public void store(Fetched<V> fetched, double jitter, Duration life) {
                if (life.toMillis() <= 0) {
                    return;
                }
                byte[] value = StoredValue.write(seal, token, name, since, fetched, jitter, bytes);
                meters.timed(
                                Operation.STORE,
                                session.store(name, value, life)
                                        .map(stored -> stored ? "stored" : "outdated")
                                        .onFailure(Wire::isFull)
                                        .recoverWithItem("full"))
                        .subscribe()
                        .with(ended -> {}, failed -> {});
            }
        }
    }
}
