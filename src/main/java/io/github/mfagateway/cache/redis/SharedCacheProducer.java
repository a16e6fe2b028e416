package io.github.mfagateway.cache.redis;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import io.github.mfagateway.cache.SharedCache;
import io.github.mfagateway.cache.TimeSources;
import io.github.mfagateway.config.CacheSettings;
import io.github.mfagateway.config.RedisSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.vertx.redis.client.Redis;

/** The shared cache that {@code mfa.cache.shared} names. */
@Dependent
class SharedCacheProducer {

    /** @param redis absent unless {@code quarkus.redis.hosts} is set; connects on first use */
    @Produces
    @Singleton
    SharedCache sharedCache(
            RedisSettings settings,
            CacheSettings cache,
            Instance<Redis> redis,
            TimeSources time,
            MeterRegistry registry) {
        SharedCacheMetrics metrics = new SharedCacheMetrics(registry);
        RecentInvalidations log = new RecentInvalidations(time.ticker(), CacheSettings.longestLife(cache));
        metrics.watch(log, RecentInvalidations::pending);
        if (!RedisSettings.isRedis(settings)) {
            return SharedCache.none();
        }
        List<SharedSecret> secrets = Stream.of(settings.sharedSecret(), settings.sharedSecretPrevious())
                .flatMap(Optional::stream)
                .map(SharedSecret::new)
                .toList();
        RedisKeys keyspace = new RedisKeys(settings.sharedPrefix(), secrets);
        RedisCommands.Connector connector = VertxRedisCommands.connector(redis.get(), settings.sharedDeadline());
        return new RedisSharedCache(
                new RedisSessionLifecycle(connector, keyspace, log, metrics, time), keyspace, metrics);
    }

    /** Stops before the connections are closed, so that no reconnection is attempted. */
    void stop(@Observes ShutdownEvent stop, SharedCache cache) {
        if (cache instanceof RedisSharedCache redis) {
            redis.stop();
        }
    }
}
