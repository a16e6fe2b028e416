package io.github.mfagateway.cache.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;

import com.github.benmanes.caffeine.cache.Ticker;

import io.github.mfagateway.cache.CacheDirective;
import io.github.mfagateway.cache.CacheKey;
import io.github.mfagateway.cache.CacheResult;
import io.github.mfagateway.cache.LoadOutcome;
import io.github.mfagateway.cache.LoadedResponse;
import io.github.mfagateway.cache.ResponseCache;
import io.github.mfagateway.cache.ResponseCodec;
import io.github.mfagateway.cache.ResponseOrigin;
import io.github.mfagateway.cache.SharedCacheEntry;
import io.github.mfagateway.cache.TestCacheSettings;
import io.github.mfagateway.cache.TestTraits;
import io.github.mfagateway.cache.TimeSources;
import io.github.mfagateway.cache.UserDigest;
import io.github.mfagateway.config.CacheSettings;
import io.github.mfagateway.support.RealTime;
import io.github.mfagateway.support.Until;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.ProtocolVersion;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.RedisRole;

/** One replica's caches, its own and the shared one. A test gives what GenAuth responds. */
final class Replica implements AutoCloseable {

    static final String SECRET = "a-secret-of-the-deployment-0123456789";
    static final String PREFIX = "mfa:";

    static final ResponseCodec<String> CODEC = new ResponseCodec<>() {
        @Override
        public byte[] encode(String response) {
            return response.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String decode(byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    };

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final RecentInvalidations log;
    private final RedisSessionLifecycle sessions;
    private final RedisSharedCache shared;
    private final ResponseCache<String> responses;
    private Runnable close = () -> {};

    Replica(Vertx vertx, String url) {
        this(vertx, url, Duration.ofSeconds(1), RealTime.time(), SECRET);
    }

    /** @param secrets the current one, and perhaps the previous one */
    Replica(Vertx vertx, String url, Duration deadline, TimeSources time, String... secrets) {
        this(client(vertx, url), deadline, time, secrets);
    }

    Replica(Redis client, Duration deadline, TimeSources time, String... secrets) {
        this(VertxRedisCommands.connector(client, deadline), time, secrets);
        close = client::close;
    }

    Replica(RedisCommands.Connector connector, TimeSources time, String... secrets) {
        CacheSettings settings = TestCacheSettings.defaults();
        SharedCacheMetrics metrics = new SharedCacheMetrics(registry);
        RedisKeys keyspace =
                new RedisKeys(PREFIX, Stream.of(secrets).map(SharedSecret::new).toList());
        log = new RecentInvalidations(time.ticker(), CacheSettings.longestLife(settings));
        sessions = new RedisSessionLifecycle(connector, keyspace, log, metrics, time);
        shared = new RedisSharedCache(sessions, keyspace, metrics);
        responses = new ResponseCache<>(
                settings,
                Duration.ofSeconds(20),
                new TestTraits<>(failure -> failure instanceof LoadFailure load ? load.outcome : LoadOutcome.FAILED),
                time,
                () -> 0.5);
        shared.subscribe(responses);
    }

    static TimeSources time(Ticker ticker, InstantSource clock) {
        return RealTime.time(ticker, clock);
    }

    /** As application.properties has it. */
    static Redis client(Vertx vertx, String url) {
        return Redis.createClient(vertx, options().setConnectionString(url));
    }

    static Redis sentinelClient(Vertx vertx, List<String> urls, String master) {
        RedisOptions options = options()
                .setType(RedisClientType.SENTINEL)
                .setMasterName(master)
                .setRole(RedisRole.MASTER);
        urls.forEach(options::addConnectionString);
        return Redis.createClient(vertx, options);
    }

    private static RedisOptions options() {
        return new RedisOptions()
                .setMaxPoolSize(8)
                .setMaxPoolWaiting(8)
                .setMaxWaitingHandlers(1024)
                .setPreferredProtocolVersion(ProtocolVersion.RESP2)
                .setNetClientOptions(
                        new NetClientOptions().setConnectTimeout(500).setReadIdleTimeout(3));
    }

    Replica awaitSharing() {
        Until.until("it shares", Duration.ofSeconds(40), this::shares);
        return this;
    }

    Replica awaitAlone() {
        Until.until("it is alone", () -> !shares() && isUnavailable());
        return this;
    }

    boolean shares() {
        return sessions.current().isPresent();
    }

    boolean isUnavailable() {
        return registry.get("mfa.shared.unavailable").gauge().value() == 1;
    }

    /** @param scope {@code one} or {@code all} */
    double invalidated(String scope) {
        return registry.get("mfa.shared.invalidations")
                .tag("scope", scope)
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
        return log.pending();
    }

    /** @param subject that the token claims, and that GenAuth confirms; null for an opaque token */
    Uni<CacheResult<String>> ask(
            String token, String subject, CacheDirective directive, Supplier<Uni<LoadedResponse<String>>> genauth) {
        CacheKey key = CacheKey.of(token);
        return responses.get(key, directive, new ResponseOrigin<>() {
            @Override
            public Uni<LoadedResponse<String>> call() {
                return genauth.get()
                        .map(fetched -> new LoadedResponse<>(
                                fetched.response(), fetched.subject().map(UserDigest::of), fetched.expires()));
            }

            @Override
            public Uni<SharedCacheEntry<String>> lookup() {
                return shared.lookup(key, token, Optional.ofNullable(subject), CODEC);
            }
        });
    }

    CacheResult<String> get(String token, String subject, Supplier<Uni<LoadedResponse<String>>> genauth) {
        return ask(token, subject, CacheDirective.NONE, genauth).await().atMost(Duration.ofSeconds(20));
    }

    /** For a token that claims to be alice's. */
    CacheResult<String> get(String token, Supplier<Uni<LoadedResponse<String>>> genauth) {
        return get(token, "alice", genauth);
    }

    /** As after an enrollment: GenAuth has confirmed the token's subject. */
    void invalidate(String token, String subject) {
        CacheKey key = CacheKey.of(token);
        Optional<String> user = Optional.ofNullable(subject).map(UserDigest::of);
        shared.invalidate(key, () -> {
            responses.invalidate(key, user);
            return user;
        });
    }

    /** Whether a load that begins while the local cache is being invalidated would look into Redis. */
    boolean sharesWhileInvalidating() {
        AtomicBoolean shares = new AtomicBoolean();
        shared.invalidate(CacheKey.of("token"), () -> {
            shares.set(shares());
            return Optional.empty();
        });
        return shares.get();
    }

    /** @param subject null for all */
    void purge(String subject) {
        Optional<String> user = Optional.ofNullable(subject).map(UserDigest::of);
        shared.purge(user, () -> user.ifPresentOrElse(responses::invalidate, responses::invalidateAll));
    }

    /** As after an enrollment whose outcome is unknown. */
    void invalidateUnproven(String token) {
        CacheKey key = CacheKey.of(token);
        shared.invalidate(key, () -> responses.invalidate(key, Optional.empty()));
    }

    @Override
    public void close() {
        shared.stop();
        close.run();
    }

    static Uni<LoadedResponse<String>> says(String response, String subject) {
        return Uni.createFrom().item(new LoadedResponse<>(response, Optional.ofNullable(subject), Optional.empty()));
    }

    static Uni<LoadedResponse<String>> fails(LoadOutcome outcome) {
        return Uni.createFrom().failure(new LoadFailure(outcome));
    }

    static final class LoadFailure extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final LoadOutcome outcome;

        LoadFailure(LoadOutcome outcome) {
            super(outcome.name());
            this.outcome = outcome;
        }
    }
}
