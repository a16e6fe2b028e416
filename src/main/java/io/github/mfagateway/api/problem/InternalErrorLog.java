package io.github.mfagateway.api.problem;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import org.jboss.logging.Logger;

import io.github.mfagateway.observability.LogThrottle;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;

/** Counts defects, and logs them, throttled for each place in the code. */
@Singleton
@Startup // so that its metric exists from startup
class InternalErrorLog {

    private static final Logger LOG = Logger.getLogger(InternalErrorLog.class);

    private static final String OWN_CODE = "io.github.mfagateway.";

    private final LongSupplier nanos;
    private final Counter count;
    // bounded by the number of places in the code
    private final Map<String, LogThrottle> defects = new ConcurrentHashMap<>();

    @Inject
    InternalErrorLog(MeterRegistry registry) {
        this(registry, System::nanoTime);
    }

    InternalErrorLog(MeterRegistry registry, LongSupplier nanos) {
        this.nanos = nanos;
        this.count = Counter.builder("mfa.internal.errors")
                .description("Defects of the gateway, each a response with status 500")
                .register(registry);
    }

    void found(Throwable failure) {
        count.increment();
        // not the message, which may quote a caller's or GenAuth's data
        String defect = failure.getClass().getName() + " at " + place(failure.getStackTrace());
        defects.computeIfAbsent(defect, first -> new LogThrottle(nanos))
                .next()
                .ifPresent(end -> LOG.errorf("defect: %s%s", defect, end));
    }

    /** Where it was thrown, and the gateway's own frame, because the former is often in the JDK. */
    private static String place(StackTraceElement[] trace) {
        if (trace.length == 0) {
            return "an unknown place";
        }
        return Stream.of(trace)
                .filter(each -> each.getClassName().startsWith(OWN_CODE))
                .findFirst()
                .filter(own -> own != trace[0])
                .map(own -> trace[0] + ", called at " + own)
                .orElse(trace[0].toString());
    }
}
