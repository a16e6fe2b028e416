package io.github.mfagateway.support;

import static io.github.mfagateway.support.Until.until;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.util.Collection;
import java.util.List;

import io.github.mfagateway.observability.SensitiveLogFilter;

/** Looks for canaries everywhere but on the way between a caller and GenAuth. */
public final class CanaryWatch implements AutoCloseable {

    private final LogCollector log = new LogCollector(new SensitiveLogFilter());
    private final Canary canary;

    public CanaryWatch(Canary canary) {
        this.canary = canary;
    }

    /** @param responses the responses to callers */
    public void nothingShows(Collection<String> responses, URL management) {
        List<String> lines = log.heard();
        String metrics = given().get(management + "metrics").asString();

        assertTrue(lines.size() > 100, "only " + lines.size() + " lines: not everything was listened to");
        assertTrue(metrics.contains("genauth_calls_seconds_count"), metrics);
        canary.isNotIn("the log", lines);
        canary.isNotIn("an response", responses);
        canary.isNotIn("a metric", metrics.lines().toList());
        canary.isNotIn(
                "a thread's name",
                Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .toList());
    }

    /** The same, and nothing in the spans that {@link TraceCollector} was sent. */
    public void nothingShows(Collection<String> responses, URL management, Callers callers) throws IOException {
        String trace = Callers.trace();
        callers.list(canary.token(), trace);
        // what was ended earlier has come before
        until("the last span", () -> !TraceCollector.spans(trace).isEmpty());
        String spans = TraceCollector.everything();

        assertTrue(spans.contains("genauth.outcome"), "no span of a call");
        canary.isNotIn("a span", List.of(spans));
        nothingShows(responses, management);
    }

    @Override
    public void close() {
        log.close();
    }
}
