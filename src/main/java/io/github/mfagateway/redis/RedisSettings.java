package io.github.mfagateway.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

import io.github.mfagateway.settings.DurationSetting;
import io.github.mfagateway.settings.Findings;
import io.github.mfagateway.settings.TextSetting;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;

/** Whether and how replicas remember together. Where Redis is, {@code quarkus.redis.*} says. */
@ConfigMapping(prefix = "mfa.cache")
public interface RedisSettings {

    int SHORTEST_SECRET = 32;

    /** {@code none} or {@code redis}. */
    @WithConverter(TextSetting.class)
    String shared();

    /** Without it nothing in Redis can be read, or told whose it is. The same for all replicas. */
    Optional<String> sharedSecret();

    /** No operation is waited for longer. */
    @WithConverter(DurationSetting.class)
    Duration sharedDeadline();

    // not a default method, because that would be a setting
    static boolean isRedis(RedisSettings settings) {
        return settings.shared().equals("redis");
    }

    /**
     * @param hosts {@code quarkus.redis.hosts}
     * @param type {@code quarkus.redis.client-type}
     */
    static void check(RedisSettings settings, Optional<String> hosts, Optional<String> type, Findings findings) {
        findings.within(
                "mfa.cache.shared-deadline", settings.sharedDeadline(), Duration.ofMillis(1), Duration.ofSeconds(1));
        if (!isRedis(settings)) {
            if (!settings.shared().equals("none")) {
                findings.add("mfa.cache.shared", "must be none or redis");
            }
            return;
        }
        if (hosts.isEmpty()) {
            findings.add("quarkus.redis.hosts", "is missing: where Redis is, such as redis://redis.example:6379");
        }
        if (type.filter("cluster"::equals).isPresent()) {
            findings.add(
                    "quarkus.redis.client-type", "must not be cluster: a script needs all of its keys on one node");
        }
        Optional<byte[]> secret = settings.sharedSecret().map(text -> text.getBytes(StandardCharsets.UTF_8));
        if (secret.isEmpty()) {
            findings.add(
                    "mfa.cache.shared-secret", "is missing: at least 32 bytes that every replica has and nobody else");
        } else if (secret.get().length < SHORTEST_SECRET) {
            findings.add("mfa.cache.shared-secret", "must have at least 32 bytes");
        }
    }
}
