package io.github.mfagateway.redis;

import java.nio.charset.StandardCharsets;

import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import io.github.mfagateway.cache.SharedMemory;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;

/** The shared memory that {@code mfa.cache.shared} names. */
@Dependent
class ChosenMemory {

    /** @param redis not there unless {@code quarkus.redis.hosts} is set, and connected to only when it is used */
    @Produces
    @Singleton
    SharedMemory chosen(RedisSettings settings, Instance<Redis> redis, Vertx vertx, MeterRegistry registry) {
        SharedMeters meters = new SharedMeters(registry);
        Outbox outbox = new Outbox();
        meters.watch(outbox, Outbox::size);
        if (!RedisSettings.isRedis(settings)) {
            return SharedMemory.none();
        }
        Sessions sessions = new Sessions(redis.get(), vertx, settings.sharedDeadline(), outbox, meters);
        return new RedisMemory(
                sessions, meters, settings.sharedSecret().orElseThrow().getBytes(StandardCharsets.UTF_8));
    }

    /** Before the connections are closed, so that nobody misses them. */
    void stop(@Observes ShutdownEvent stop, SharedMemory memory) {
        if (memory instanceof RedisMemory redis) {
            redis.stop();
        }
    }
}
