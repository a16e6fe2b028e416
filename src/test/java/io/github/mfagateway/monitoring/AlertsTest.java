package io.github.mfagateway.monitoring;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

class AlertsTest {

    private static final Path PLAIN = Path.of("target", "prometheus");
    private static final Path RULES = PLAIN.resolve("rules.yaml");

    /** promtool reads plain rules files, and its tests name this one. */
    @BeforeAll
    static void extractTheRules() throws IOException {
        Files.createDirectories(PLAIN);
        new YAMLMapper().writeValue(RULES.toFile(), Component.groups());
    }

    @Test
    void prometheusTakesTheRules() throws IOException {
        Promtool.succeeds("check", "rules", "--lint=all", "--lint-fatal", RULES.toString());
    }

    @ParameterizedTest
    @MethodSource("io.github.mfagateway.monitoring.Promtool#tests")
    void theAlertFiresWhenItMustAndOnlyThen(Path test) throws IOException {
        Promtool.succeeds("test", "rules", test.toString());
    }

    @Test
    void everyAlertHasATestOfItsName() throws IOException {
        assertEquals(
                Component.alerts().stream()
                        .map(alert -> alert.path("alert").asText() + ".yaml")
                        .collect(toSet()),
                Promtool.tests().stream()
                        .map(test -> test.getFileName().toString())
                        .collect(toSet()));
    }

    @Test
    void everyAlertSaysHowBadItIsAndWhatIsWrong() {
        for (JsonNode alert : Component.alerts()) {
            String name = alert.path("alert").asText();
            assertTrue(
                    Set.of("critical", "warning")
                            .contains(alert.path("labels").path("severity").asText()),
                    name);
            assertFalse(alert.path("annotations").path("summary").asText().isBlank(), name);
            assertFalse(alert.path("annotations").path("description").asText().isBlank(), name);
        }
    }

    @Test
    void everyAlertLeadsToItsSectionOfTheRunbook() {
        List<String> headings = Component.text(Component.RUNBOOK)
                .lines()
                .filter(line -> line.startsWith("## "))
                .map(line -> line.substring("## ".length()))
                .toList();
        for (JsonNode alert : Component.alerts()) {
            String name = alert.path("alert").asText();
            assertTrue(headings.contains(name), name + " has no section");
            assertEquals(
                    "docs/runbook.md#" + name.toLowerCase(),
                    alert.path("annotations").path("runbook_url").asText());
        }
    }

    @Test
    void prometheusAcceptsTheQueriesOfDashboardAndRunbook() throws IOException {
        Path asked = PLAIN.resolve("asked.yaml");
        List<Map<String, String>> recorded = Queries.everywhereButInAlerts().stream()
                .distinct()
                .map(expression -> Map.of("record", "asked:" + Math.abs(expression.hashCode()), "expr", expression))
                .toList();
        new YAMLMapper()
                .writeValue(asked.toFile(), Map.of("groups", List.of(Map.of("name", "asked", "rules", recorded))));

        Promtool.succeeds("check", "rules", asked.toString());
    }
}
