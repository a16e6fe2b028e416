package io.github.mfagateway.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FreshnessPolicyTest {

    @ParameterizedTest
    @CsvSource(textBlock = """
            # age s, throttle,    directive,      step
              0,     NONE,        NONE,           SERVE
              29,    NONE,        NONE,           SERVE
              30,    NONE,        NONE,           SERVE_AND_REVALIDATE
              59,    NONE,        NONE,           SERVE_AND_REVALIDATE
              60,    NONE,        NONE,           LOAD
              629,   NONE,        NONE,           LOAD
              630,   NONE,        NONE,           LOAD
              29,    UNAVAILABLE, NONE,           SERVE
              30,    UNAVAILABLE, NONE,           SERVE_STALE
              60,    UNAVAILABLE, NONE,           SERVE_STALE
              629,   UNAVAILABLE, NONE,           SERVE_STALE
              630,   UNAVAILABLE, NONE,           LOAD
              60,    OVERLOADED,  NONE,           SERVE_STALE
              60,    LATE,        NONE,           SERVE_STALE
              29,    ENDED_LATE,  NONE,           SERVE
              59,    ENDED_LATE,  NONE,           SERVE_AND_REVALIDATE
              60,    ENDED_LATE,  NONE,           SERVE_STALE_AND_LOAD
              629,   ENDED_LATE,  NONE,           SERVE_STALE_AND_LOAD
              630,   ENDED_LATE,  NONE,           LOAD
              60,    ENDED_LATE,  NO_CACHE,       LOAD
              60,    ENDED_LATE,  ONLY_IF_CACHED, GIVE_UP
              29,    FAILED,      NONE,           SERVE
              59,    FAILED,      NONE,           SERVE_AND_REVALIDATE
              60,    FAILED,      NONE,           LOAD
              0,     NONE,        NO_CACHE,       LOAD
              45,    NONE,        NO_CACHE,       LOAD
              300,   NONE,        NO_CACHE,       LOAD
              300,   UNAVAILABLE, NO_CACHE,       LOAD
              0,     NONE,        ONLY_IF_CACHED, SERVE
              59,    NONE,        ONLY_IF_CACHED, SERVE
              60,    NONE,        ONLY_IF_CACHED, GIVE_UP
              59,    UNAVAILABLE, ONLY_IF_CACHED, SERVE
              60,    UNAVAILABLE, ONLY_IF_CACHED, GIVE_UP
            """)
    void whatIsDoneWithAResponseOfAnAge(
            long age, LoadThrottle throttle, CacheDirective directive, FreshnessPolicy.Step step) {
        assertEquals(step, FreshnessPolicy.step(seconds(age), lifetimes(1, Duration.ofDays(1)), throttle, directive));
    }

    @ParameterizedTest
    @CsvSource({"NONE, LOAD", "NO_CACHE, LOAD", "ONLY_IF_CACHED, GIVE_UP"})
    void whatIsDoneWithNothingCached(CacheDirective directive, FreshnessPolicy.Step step) {
        assertEquals(step, FreshnessPolicy.stepWithoutEntry(directive));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            # age s, directive, served
              60,    NONE,      true
              629,   NONE,      true
              630,   NONE,      false
              60,    NO_CACHE,  false
            """)
    void whenAStaleResponseIsServedInstead(long age, CacheDirective directive, boolean served) {
        assertEquals(served, FreshnessPolicy.failSafe(seconds(age), lifetimes(1, Duration.ofDays(1)), directive));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            # jitter, expires in s, fresh, revalidate, stale
              1,      86400,        30,    60,         630
              0.9,    86400,        27,    57,         627
              1.1,    86400,        33,    63,         633
              1,      20,           20,    20,         20
              1,      45,           30,    45,         45
              1,      100,          30,    60,         100
              1,      0,            0,     0,          0
              1,      -5,           0,     0,          0
            """)
    void noLifetimeOutlivesTheToken(double jitter, long expiresIn, long fresh, long revalidate, long stale) {
        assertEquals(
                new FreshnessLifetimes(seconds(fresh), seconds(revalidate), seconds(stale)),
                lifetimes(jitter, Duration.ofSeconds(expiresIn)));
    }

    private static FreshnessLifetimes lifetimes(double jitter, Duration expiresIn) {
        return FreshnessLifetimes.of(TestCacheSettings.defaults(), jitter, expiresIn);
    }

    private static long seconds(long seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }
}
