package io.github.mfagateway.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;

class DashboardTest {

    @Test
    void everyPanelHasAUnitAndSaysWhatToThink() {
        for (JsonNode panel : Component.panels()) {
            String title = panel.path("title").asText();
            assertFalse(title.isBlank());
            assertFalse(
                    panel.path("fieldConfig")
                            .path("defaults")
                            .path("unit")
                            .asText()
                            .isBlank(),
                    title);
            assertTrue(panel.path("description").asText().length() > 40, title);
        }
    }

    @Test
    void theDatasourceIsAVariable() {
        for (JsonNode datasource : Component.dashboard().findValues("datasource")) {
            assertEquals("${datasource}", datasource.path("uid").asText());
        }
        assertTrue(Component.all(Component.dashboard().path("templating").path("list"))
                .anyMatch(variable -> variable.path("type").asText().equals("datasource")
                        && variable.path("name").asText().equals("datasource")));
    }

    @Test
    void everyExpressionIsAboutTheChosenNamespace() {
        for (JsonNode panel : Component.panels()) {
            for (JsonNode target : panel.path("targets")) {
                for (Selector selector : Selector.in(target.path("expr").asText())) {
                    assertTrue(
                            selector.wanted().get("namespace").contains("$namespace"),
                            panel.path("title").asText());
                }
            }
        }
    }

    @Test
    void noPanelLiesOnAnother() {
        Set<String> cells = new HashSet<>();
        Set<Integer> ids = new HashSet<>();
        for (JsonNode panel : Component.dashboard().path("panels")) {
            JsonNode at = panel.path("gridPos");
            assertTrue(at.path("x").asInt() + at.path("w").asInt() <= 24);
            assertTrue(ids.add(panel.path("id").asInt()));
            for (int x = at.path("x").asInt();
                    x < at.path("x").asInt() + at.path("w").asInt();
                    x++) {
                for (int y = at.path("y").asInt();
                        y < at.path("y").asInt() + at.path("h").asInt();
                        y++) {
                    assertTrue(cells.add(x + " " + y), panel.path("title").asText());
                }
            }
        }
    }
}
