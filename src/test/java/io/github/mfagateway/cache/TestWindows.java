package io.github.mfagateway.cache;

import java.time.Duration;

public record TestWindows(Duration fresh, Duration revalidate, Duration staleOnError, Duration refused, int maxEntries)
        implements CacheSettings {

    /** 30 s, 30 s, 10 min, 5 s. */
    public static TestWindows defaults() {
        return new TestWindows(
                Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofMinutes(10), Duration.ofSeconds(5), 1000);
    }
}
