package io.github.mfagateway.factors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DefectLogTest {

    private final AtomicLong nanos = new AtomicLong();
    private final DefectLog log = new DefectLog(nanos::get);
    // a place of its own, because other tests' lines go to the same logger
    private final String method = "method" + System.identityHashCode(this);
    private final List<String> lines = new ArrayList<>();
    private final Logger logger = Logger.getLogger(DefectLog.class.getName());
    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord line) {
            String message = new PatternFormatter("%s").format(ExtLogRecord.wrap(line));
            if (message.contains(method)) {
                lines.add(message);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        logger.addHandler(listener);
    }

    @AfterEach
    void stopListening() {
        logger.removeHandler(listener);
    }

    @Test
    void aThousandOfOneDefectAreALineInTenSecondsAndACount() {
        for (int i = 0; i < 1000; i++) {
            log.found(thrownAt(ours(7)));
        }
        assertEquals(1, lines.size());

        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        log.found(thrownAt(ours(7)));

        String line = "defect: java.lang.IllegalStateException at " + ours(7);
        assertEquals(List.of(line, line + "; 999 more like it since the last such line"), lines);
    }

    @Test
    void anotherDefectIsALineOfItsOwn() {
        log.found(thrownAt(ours(7)));
        log.found(thrownAt(ours(8)));

        assertEquals(2, lines.size());
    }

    @Test
    void whatTheJdkThrowsIsToldWithThePlaceOfOursThatCalledIt() {
        StackTraceElement jdks = new StackTraceElement("java.util.Objects", "requireNonNull", "Objects.java", 233);
        log.found(thrownAt(jdks, ours(7), ours(8)));

        assertEquals(List.of("defect: java.lang.IllegalStateException at " + jdks + ", called at " + ours(7)), lines);
    }

    @Test
    void itsMessageIsNotTold() {
        log.found(thrownAt(ours(7)));

        assertTrue(lines.stream().noneMatch(line -> line.contains("secret")), lines::toString);
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
