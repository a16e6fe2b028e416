package io.github.mfagateway.cache;

import java.time.Duration;
import java.util.Optional;

import io.github.mfagateway.config.CacheSettings;

public record TestCacheSettings(
        Duration fresh,
        Duration revalidate,
        Duration staleOnError,
        Duration refused,
        Duration softTimeout,
        Duration retryAfterFailure,
        Optional<Long> maxBytes)
        implements CacheSettings {

    /** As in {@code application.properties}: 30 s, 30 s, 10 min, 5 s, 300 ms, 5 s; 1 MiB. */
    public static TestCacheSettings defaults() {
        return of(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofMinutes(10), 1 << 20);
    }

    public static TestCacheSettings of(Duration fresh, Duration revalidate, Duration staleOnError, long maxBytes) {
        return new TestCacheSettings(
                fresh,
                revalidate,
                staleOnError,
                Duration.ofSeconds(5),
                Duration.ofMillis(300),
                Duration.ofSeconds(5),
                Optional.of(maxBytes));
    }
}
