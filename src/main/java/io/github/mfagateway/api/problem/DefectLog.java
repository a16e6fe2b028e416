package io.github.mfagateway.api.problem;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

import org.jboss.logging.Logger;

import io.github.mfagateway.observability.LogThrottle;

/** Writes a line about a defect, and seldom a second about the same one. */
final class DefectLog {

    private static final Logger LOG = Logger.getLogger(DefectLog.class);

    private static final String HOUSE = "io.github.mfagateway.";

    private final LongSupplier nanos;
    // no more than there are places in the program
    private final Map<String, LogThrottle> defects = new ConcurrentHashMap<>();

    DefectLog(LongSupplier nanos) {
        this.nanos = nanos;
    }

    void found(Throwable failure) {
        // the class and the place, not the message: that may quote what a caller or GenAuth sent
        String defect = failure.getClass().getName() + " at " + place(failure.getStackTrace());
        defects.computeIfAbsent(defect, first -> new LogThrottle(nanos))
                .next()
                .ifPresent(end -> LOG.errorf("defect: %s%s", defect, end));
    }

    /** Where it was thrown, and where we were: the first alone is often the JDK's. */
    private static String place(StackTraceElement[] trace) {
        if (trace.length == 0) {
            return "an unknown place";
        }
        return Stream.of(trace)
                .filter(each -> each.getClassName().startsWith(HOUSE))
                .findFirst()
                .filter(ours -> ours != trace[0])
                .map(ours -> trace[0] + ", called at " + ours)
                .orElse(trace[0].toString());
    }
}
