package io.github.mfagateway.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

import com.github.benmanes.caffeine.cache.Ticker;

import io.github.mfagateway.cache.AnswerBytes;
import io.github.mfagateway.cache.CacheKey;
import io.github.mfagateway.cache.Directive;
import io.github.mfagateway.cache.Fetched;
import io.github.mfagateway.cache.Found;
import io.github.mfagateway.cache.Load;
import io.github.mfagateway.cache.Outcome;
import io.github.mfagateway.cache.ResponseCache;
import io.github.mfagateway.cache.SharedAnswer;
import io.github.mfagateway.cache.TestCacheSettings;
import io.github.mfagateway.cache.TestTraits;
import io.github.mfagateway.support.RealTime;
import io.github.mfagateway.support.Until;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.ProtocolVersion;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;

/** One replica's memory, its own and the shared one. GenAuth is what a test gives for a load. */
final class Replica implements AutoCloseable {

    static final byte[] SECRET = "a-secret-of-the-deployment-0123456789".getBytes(StandardCharsets.UTF_8);

    static final AnswerBytes<String> BYTES = new AnswerBytes<>() {
        @Override
        public byte[] write(String answer) {
            return answer.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String read(byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    };

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Outbox outbox = new Outbox();
    private final Redis client;
    private final Sessions sessions;
    private final RedisMemory memory;
    private final ResponseCache<String> answers;

    Replica(Vertx vertx, String url) {
        this(vertx, url, SECRET, Duration.ofSeconds(1), Ticker.systemTicker(), InstantSource.system());
    }

    Replica(Vertx vertx, String url, byte[] secret, Duration deadline, Ticker ticker, InstantSource clock) {
        client = client(vertx, url);
        SharedMeters meters = new SharedMeters(registry);
        meters.watch(outbox, Outbox::size);
        sessions = new Sessions(client, vertx, deadline, outbox, meters);
        memory = new RedisMemory(sessions, meters, secret);
        answers = new ResponseCache<>(
                TestCacheSettings.defaults(),
                Duration.ofSeconds(20),
                new TestTraits<>(failure -> failure instanceof LoadFailure load ? load.outcome : Outcome.FAILED),
                RealTime.time(ticker, clock),
                () -> 0.5);
        memory.tell(answers);
    }

    /** As application.properties has it. */
    static Redis client(Vertx vertx, String url) {
        return Redis.createClient(
                vertx,
                new RedisOptions()
                        .setConnectionString(url)
                        .setMaxPoolSize(8)
                        .setMaxPoolWaiting(8)
                        .setMaxWaitingHandlers(1024)
                        .setPreferredProtocolVersion(ProtocolVersion.RESP2)
                        .setNetClientOptions(
                                new NetClientOptions().setConnectTimeout(500).setReadIdleTimeout(3)));
    }

    Replica awaitSharing() {
        Until.until("it shares", () -> sessions.current().isPresent());
        return this;
    }

    Replica awaitAlone() {
        Until.until("it is alone", () -> sessions.current().isEmpty() && breaker() == 2);
        return this;
    }

    boolean shares() {
        return sessions.current().isPresent();
    }

    double breaker() {
        return registry.get("mfa.shared.circuit.breaker.state").gauge().value();
    }

    double heard(String users) {
        return registry.get("mfa.shared.evictions")
                .tag("users", users)
                .counter()
                .count();
    }

    long ended(String operation, String outcome) {
        return registry.get("mfa.shared.operations")
                .tag("operation", operation)
                .tag("outcome", outcome)
                .timer()
                .count();
    }

    int pending() {
        return outbox.size();
    }

    Uni<Found<String>> ask(String token, Directive directive, Supplier<Uni<Fetched<String>>> genauth) {
        CacheKey key = CacheKey.of(token);
        return answers.get(key, directive, new Load<>() {
            @Override
            public Uni<Fetched<String>> ask() {
                return genauth.get()
                        .map(fetched -> new Fetched<>(
                                fetched.answer(), memory.user(key, fetched.subject()), fetched.expires()));
            }

            @Override
            public SharedAnswer<String> shared() {
                return memory.answer(key, token, BYTES);
            }
        });
    }

    Found<String> get(String token, Supplier<Uni<Fetched<String>>> genauth) {
        return ask(token, Directive.NONE, genauth).await().atMost(Duration.ofSeconds(20));
    }

    /** As after an enrollment: GenAuth said whose the token is. */
    void evict(String token, String subject) {
        CacheKey key = CacheKey.of(token);
        Optional<String> user = memory.user(key, Optional.ofNullable(subject));
        answers.invalidate(key, user);
        memory.evict(key, user.orElseThrow());
    }

    @Override
    public void close() {
        memory.stop();
        client.close();
    }

    static Uni<Fetched<String>> says(String answer, String subject) {
        return Uni.createFrom().item(new Fetched<>(answer, Optional.ofNullable(subject), Optional.empty()));
    }

    static Uni<Fetched<String>> fails(Outcome outcome) {
        return Uni.createFrom().failure(new LoadFailure(outcome));
    }

    static final class LoadFailure extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final Outcome outcome;

        LoadFailure(Outcome outcome) {
            super(outcome.name());
            this.outcome = outcome;
        }
    }
}
