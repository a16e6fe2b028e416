package io.github.mfagateway.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {

    @ParameterizedTest
    @CsvSource(textBlock = """
            # age s, directive,      step
              0,     NONE,           ANSWER
              29,    NONE,           ANSWER
              30,    NONE,           ANSWER_AND_REFRESH
              59,    NONE,           ANSWER_AND_REFRESH
              60,    NONE,           ASK
              629,   NONE,           ASK
              630,   NONE,           ASK
              0,     NO_CACHE,       ASK
              45,    NO_CACHE,       ASK
              300,   NO_CACHE,       ASK
              0,     ONLY_IF_CACHED, ANSWER
              45,    ONLY_IF_CACHED, ANSWER
              60,    ONLY_IF_CACHED, GIVE_UP
            """)
    void whatIsDoneWithAnAnswerOfAnAge(long age, Directive directive, Policy.Step step) {
        assertEquals(step, Policy.step(seconds(age), windows(1, Duration.ofDays(1)), directive));
    }

    @ParameterizedTest
    @CsvSource({"NONE, ASK", "NO_CACHE, ASK", "ONLY_IF_CACHED, GIVE_UP"})
    void whatIsDoneWithNothingInMemory(Directive directive, Policy.Step step) {
        assertEquals(step, Policy.step(directive));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            # age s, directive, outcome,     instead
              60,    NONE,      UNAVAILABLE, true
              629,   NONE,      UNAVAILABLE, true
              630,   NONE,      UNAVAILABLE, false
              60,    NO_CACHE,  UNAVAILABLE, false
              60,    NONE,      REFUSED,     false
              60,    NONE,      BARRED,      false
              60,    NONE,      FAILED,      false
              60,    NONE,      ANSWERED,    false
            """)
    void whenAnOldAnswerStandsIn(long age, Directive directive, Outcome outcome, boolean instead) {
        assertEquals(instead, Policy.answersInstead(seconds(age), windows(1, Duration.ofDays(1)), directive, outcome));
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
    void noWindowOutlivesTheToken(double jitter, long expiresIn, long fresh, long revalidate, long stale) {
        assertEquals(
                new Windows(seconds(fresh), seconds(revalidate), seconds(stale)),
                windows(jitter, Duration.ofSeconds(expiresIn)));
    }

    private static Windows windows(double jitter, Duration expiresIn) {
        return Windows.of(TestWindows.defaults(), jitter, expiresIn);
    }

    private static long seconds(long seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }
}
