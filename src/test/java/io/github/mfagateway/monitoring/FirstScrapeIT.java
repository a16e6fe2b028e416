package io.github.mfagateway.monitoring;

import static io.restassured.RestAssured.given;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import io.github.mfagateway.support.GatewayProcess;

/** What alerts, panels, the runbook and docs/metrics-and-logs.md name is in the first scrape, before the first request. */
class FirstScrapeIT {

    private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? \\S+$");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");
    private static final Pattern OURS = Pattern.compile("(?m)^# TYPE ((?:mfa|genauth|http_server)_\\w+) (\\w+)$");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`(?:mfa|genauth|http_server)_\\w+`.*?) \\|");
    private static final Pattern NAME = Pattern.compile("`(\\w+)`");
    /** Prometheus, its recording rules, the kubelet and kube-state-metrics make these. */
    private static final Pattern OTHERS = Pattern.compile("up|ALERTS|namespace:.*|container_.*|kube_.*");
    /** A series of these begins with its first response. */
    private static final Set<String> LATER =
            Set.of("http_server_requests_seconds_count", "http_server_requests_seconds_bucket");
    /** Prometheus gives these to what it scrapes. */
    private static final Set<String> TARGET = Set.of("namespace", "pod", "job", "cluster");

    private static String scrape;

    private record Sample(String metric, Map<String, String> labels) {}

    @BeforeAll
    static void scrape() throws Exception {
        Map<String, String> environment = Map.of(
                "GENAUTH_URL", "https://genauth.invalid",
                "GENAUTH_APP_ID", "app",
                "QUARKUS_HTTP_PORT", "0",
                "QUARKUS_MANAGEMENT_PORT", "0");
        try (GatewayProcess gateway = GatewayProcess.start(environment).awaitStart()) {
            scrape = given().get(gateway.managementUrl() + "/q/metrics").asString();
        }
    }

    @Test
    void everyQueriedSeriesExists() {
        List<Sample> samples = SAMPLE.matcher(scrape)
                .results()
                .map(sample -> new Sample(sample.group(1), labels(sample)))
                .toList();
        List<Selector> selectors = Queries.everywhere().stream()
                .flatMap(expression -> Selector.in(expression).stream())
                .filter(selector -> !OTHERS.matcher(selector.metric()).matches())
                .map(selector ->
                        LATER.contains(selector.metric()) ? new Selector(selector.metric(), Map.of()) : selector)
                .toList();
        assertTrue(selectors.size() > 40, selectors.size() + " selectors");

        assertEquals(
                Set.of(),
                selectors.stream()
                        .flatMap(selector -> series(selector).stream())
                        .filter(wanted -> samples.stream()
                                .noneMatch(sample -> sample.metric().equals(wanted.metric())
                                        && sample.labels()
                                                .entrySet()
                                                .containsAll(wanted.labels().entrySet())))
                        .collect(toSet()));
    }

    @Test
    void theDocumentNamesEveryMetricOfOursAndNoOther() {
        Set<String> shown = new TreeSet<>();
        OURS.matcher(scrape)
                .results()
                .filter(type -> !type.group(1).endsWith("_max"))
                .forEach(type -> {
                    shown.add(type.group(2).equals("counter") ? withTotal(type.group(1)) : type.group(1));
                });
        Set<String> named = new TreeSet<>();
        ROW.matcher(Component.text(Path.of("docs", "metrics-and-logs.md")))
                .results()
                .forEach(row -> NAME.matcher(row.group(1)).results().forEach(name -> named.add(name.group(1))));

        assertEquals(shown, named);
    }

    private static String withTotal(String counter) {
        return counter.endsWith("_total") ? counter : counter + "_total";
    }

    private static Map<String, String> labels(MatchResult sample) {
        Map<String, String> labels = new HashMap<>();
        if (sample.group(2) != null) {
            LABEL.matcher(sample.group(2)).results().forEach(label -> labels.put(label.group(1), label.group(2)));
        }
        return labels;
    }

    /** One for every combination of the values it wants. */
    private static List<Sample> series(Selector selector) {
        List<Map<String, String>> combinations = List.of(Map.of());
        for (Map.Entry<String, List<String>> label : selector.wanted().entrySet()) {
            if (!TARGET.contains(label.getKey())) {
                List<Map<String, String>> longer = new ArrayList<>();
                for (Map<String, String> combination : combinations) {
                    for (String value : label.getValue()) {
                        Map<String, String> more = new HashMap<>(combination);
                        more.put(label.getKey(), value);
                        longer.add(more);
                    }
                }
                combinations = longer;
            }
        }
        return combinations.stream()
                .map(labels -> new Sample(selector.metric(), labels))
                .toList();
    }
}
