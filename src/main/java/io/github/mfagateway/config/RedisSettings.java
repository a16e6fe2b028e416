package io.github.mfagateway.config;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;

/** Whether and how replicas share a cache. The address of Redis is in {@code quarkus.redis.*}. */
@ConfigMapping(prefix = "mfa.cache")
public interface RedisSettings {

    int SHORTEST_SECRET = 32;

    /** Without the special characters of SCAN's MATCH. */
    Pattern PREFIX = Pattern.compile("[A-Za-z0-9:._-]{1,64}");

    /** {@code none} or {@code redis}. */
    @WithConverter(TextSetting.class)
    String shared();

    /** The same for all replicas. Without it, data in Redis can neither be read nor attributed to a user. */
    Optional<String> sharedSecret();

    /** The previous secret, during a rotation, so that replicas with either secret receive each other's invalidations. */
    Optional<String> sharedSecretPrevious();

    /** Prefix of all keys and channels; one for each deployment. */
    @WithConverter(TextSetting.class)
    String sharedPrefix();

    /** Longest wait for a command. */
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
    static void check(RedisSettings settings, Optional<String> hosts, Optional<String> type, ConfigErrors findings) {
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
        if (!PREFIX.matcher(settings.sharedPrefix()).matches()) {
            findings.add("mfa.cache.shared-prefix", "must be 1 to 64 letters, digits and : . _ -");
        }
        if (settings.sharedSecret().isEmpty()) {
            findings.add(
                    "mfa.cache.shared-secret", "is missing: at least 32 bytes that every replica has and nobody else");
        }
        checkLength("mfa.cache.shared-secret", settings.sharedSecret(), findings);
        checkLength("mfa.cache.shared-secret-previous", settings.sharedSecretPrevious(), findings);
        if (settings.sharedSecret().isPresent() && settings.sharedSecret().equals(settings.sharedSecretPrevious())) {
            findings.add("mfa.cache.shared-secret-previous", "must differ from mfa.cache.shared-secret");
        }
    }

    private static void checkLength(String name, Optional<String> secret, ConfigErrors findings) {
        if (secret.filter(text -> text.getBytes(StandardCharsets.UTF_8).length < SHORTEST_SECRET)
                .isPresent()) {
            findings.add(name, "must have at least 32 bytes");
        }
    }
}
