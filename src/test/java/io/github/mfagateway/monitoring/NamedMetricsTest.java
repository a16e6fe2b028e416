package io.github.mfagateway.monitoring;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.mfagateway.support.GenAuthStub;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;

/** What alerts, panels and the runbook name is what a gateway shows that has just started. */
@QuarkusTest
@WithTestResource(GenAuthStub.class)
class NamedMetricsTest {

    private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? \\S+$");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");
    /** Prometheus makes these itself. */
    private static final Set<String> PROMETHEUS = Set.of("up", "ALERTS");
    /** Prometheus gives these to what it scrapes. */
    private static final Set<String> TARGET = Set.of("namespace", "pod", "job");

    @TestHTTPResource(value = "/metrics", management = true)
    URL metrics;

    private final Map<String, Map<String, Set<String>>> shown = new HashMap<>();

    @BeforeEach
    void scrape() {
        Matcher sample = SAMPLE.matcher(given().get(metrics).asString());
        while (sample.find()) {
            Map<String, Set<String>> labels = shown.computeIfAbsent(sample.group(1), metric -> new HashMap<>());
            Matcher label = LABEL.matcher(sample.group(2) == null ? "" : sample.group(2));
            while (label.find()) {
                labels.computeIfAbsent(label.group(1), name -> new HashSet<>()).add(label.group(2));
            }
        }
    }

    @Test
    void everyMetricIsThereWithEveryLabelValue() {
        List<Selector> selectors = Asked.everywhere().stream()
                .flatMap(expression -> Selector.in(expression).stream())
                .filter(selector -> !PROMETHEUS.contains(selector.metric()))
                .toList();
        assertTrue(selectors.size() > 40, selectors.size() + " selectors");

        assertEquals(
                List.of(),
                selectors.stream()
                        .filter(selector -> !isShown(selector))
                        .distinct()
                        .toList());
    }

    private boolean isShown(Selector selector) {
        Map<String, Set<String>> labels = shown.get(selector.metric());
        return labels != null
                && selector.wanted().entrySet().stream()
                        .allMatch(wanted -> TARGET.contains(wanted.getKey())
                                || labels.getOrDefault(wanted.getKey(), Set.of())
                                        .containsAll(wanted.getValue()));
    }
}
