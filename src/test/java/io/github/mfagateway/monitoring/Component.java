package io.github.mfagateway.monitoring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/** What the monitoring component and the runbook say, as they stand in the sources. */
final class Component {

    static final Path RUNBOOK = Path.of("docs", "runbook.md");

    private static final Path COMPONENT = Path.of("kubernetes", "components", "monitoring");
    private static final Pattern PROMQL = Pattern.compile("(?s)```promql\n(.*?)```");

    private Component() {}

    /** The part of the PrometheusRule that is a plain rules file. */
    static JsonNode groups() {
        return read(new YAMLMapper(), COMPONENT.resolve("prometheus-rule.yaml")).path("spec");
    }

    static List<JsonNode> alerts() {
        return rules().filter(rule -> rule.has("alert")).toList();
    }

    /** The expressions of alerts and of recording rules. */
    static List<String> ruleExpressions() {
        return rules().map(rule -> rule.path("expr").asText()).toList();
    }

    private static Stream<JsonNode> rules() {
        return all(groups().path("groups")).flatMap(group -> all(group.path("rules")));
    }

    static JsonNode dashboard() {
        return read(new ObjectMapper(), COMPONENT.resolve("dashboard.json"));
    }

    /** Without the rows, which only divide. */
    static List<JsonNode> panels() {
        return all(dashboard().path("panels"))
                .filter(panel -> !panel.path("type").asText().equals("row"))
                .toList();
    }

    /** Every expression of a panel, as it is sent to Prometheus. */
    static List<String> panelExpressions() {
        return panels().stream()
                .flatMap(panel -> all(panel.path("targets")))
                .map(target -> target.path("expr").asText())
                .map(expression -> expression
                        .replace("$__rate_interval", "1m")
                        .replace("$namespace", "genauth-mfa-gateway")
                        .replace("$cluster", ".*"))
                .toList();
    }

    static List<String> runbookExpressions() {
        List<String> expressions = new ArrayList<>();
        Matcher block = PROMQL.matcher(text(RUNBOOK));
        while (block.find()) {
            expressions.add(block.group(1));
        }
        return expressions;
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<JsonNode> all(JsonNode list) {
        List<JsonNode> nodes = new ArrayList<>();
        list.forEach(nodes::add);
        return nodes.stream();
    }

    private static JsonNode read(ObjectMapper mapper, Path file) {
        try {
            return mapper.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
