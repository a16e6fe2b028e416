package io.github.mfagateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import io.github.mfagateway.cache.TestCacheSettings;

class CacheSettingsTest {

    private static final Duration NEVER = Duration.ofSeconds(-1);
    private static final Duration DEADLINE = Duration.ofMillis(2500);

    @Test
    void theDefaultsAreGood() {
        assertEquals("", findings(TestCacheSettings.defaults()));
    }

    @Test
    void everyBadSettingIsFound() {
        String findings =
                findings(new TestCacheSettings(NEVER, NEVER, NEVER, NEVER, Duration.ZERO, NEVER, Optional.of(1000L)));

        assertEquals(7, findings.split("\n").length, findings);
    }

    @Test
    void theSoftTimeoutIsShorterThanTheDeadline() {
        ConfigErrors findings = new ConfigErrors();
        CacheSettings.check(TestCacheSettings.defaults(), Duration.ofMillis(301), findings);
        assertEquals("", findings.toString());

        CacheSettings.check(TestCacheSettings.defaults(), Duration.ofMillis(300), findings);
        assertEquals(
                "MFA_CACHE_SOFT_TIMEOUT (mfa.cache.soft-timeout) must be shorter than genauth.deadline",
                findings.toString());
    }

    @Test
    void nothingIsRevalidatedThatWasNeverFresh() {
        assertEquals(
                1,
                findings(TestCacheSettings.of(Duration.ZERO, Duration.ofSeconds(1), Duration.ZERO, 1 << 20))
                                .split("mfa.cache.revalidate", -1)
                                .length
                        - 1);
        assertEquals("", findings(TestCacheSettings.of(Duration.ZERO, Duration.ZERO, Duration.ZERO, 1 << 20)));
    }

    @Test
    void theBoundIsAQuarterOfTheHeapUnlessItIsSet() {
        TestCacheSettings defaults = TestCacheSettings.defaults();
        assertEquals(1 << 20, CacheSettings.boundInBytes(defaults));
        assertEquals(
                Runtime.getRuntime().maxMemory() / 4,
                CacheSettings.boundInBytes(new TestCacheSettings(
                        defaults.fresh(),
                        defaults.revalidate(),
                        defaults.staleOnError(),
                        defaults.refused(),
                        defaults.softTimeout(),
                        defaults.retryAfterFailure(),
                        Optional.empty())));
    }

    private static String findings(CacheSettings settings) {
        ConfigErrors findings = new ConfigErrors();
        CacheSettings.check(settings, DEADLINE, findings);
        return findings.toString();
    }
}
