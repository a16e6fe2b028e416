package io.github.mfagateway.api.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.mfagateway.support.LoggedLines;

class InternalErrorLogTest {

    private final AtomicLong nanos = new AtomicLong();
    private final InternalErrorLog log =
            new InternalErrorLog(new io.micrometer.core.instrument.simple.SimpleMeterRegistry(), nanos::get);
    // a place of its own, because other tests' lines go to the same logger
    private final String method = "method" + System.identityHashCode(this);
    private final LoggedLines written = new LoggedLines(InternalErrorLog.class.getName(), method);

    @AfterEach
    void stopListening() {
        written.close();
    }

    @Test
    void aThousandOfOneDefectAreALineInTenSecondsAndACount() {
        for (int i = 0; i < 1000; i++) {
            log.found(thrownAt(ours(7)));
        }
        assertEquals(1, written.lines().size());

        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        log.found(thrownAt(ours(7)));

        String line = "defect: java.lang.IllegalStateException at " + ours(7);
        assertEquals(List.of(line, line + "; 999 more like it since the last such line"), written.lines());
    }

    @Test
    void anotherDefectIsALineOfItsOwn() {
        log.found(thrownAt(ours(7)));
        log.found(thrownAt(ours(8)));

        assertEquals(2, written.lines().size());
    }

    @Test
    void whatTheJdkThrowsIsLoggedWithOurCallingLine() {
        StackTraceElement jdks = new StackTraceElement("java.util.Objects", "requireNonNull", "Objects.java", 233);
        log.found(thrownAt(jdks, ours(7), ours(8)));

        assertEquals(
                List.of("defect: java.lang.IllegalStateException at " + jdks + ", called at " + ours(7)),
                written.lines());
    }

    @Test
    void itsMessageIsNotShown() {
        log.found(thrownAt(ours(7)));

        assertTrue(written.lines().stream().noneMatch(line -> line.contains("secret")), written.lines()::toString);
    }

    private StackTraceElement ours(int line) {
        return new StackTraceElement("io.github.mfagateway.factors.Somewhere", method, "Somewhere.java", line);
    }

    private static Throwable thrownAt(StackTraceElement... trace) {
        Throwable defect = new IllegalStateException("secret");
        defect.setStackTrace(trace);
        return defect;
    }
}
