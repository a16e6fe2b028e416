package io.github.mfagateway.kubernetes;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.openshift.api.model.monitoring.v1.Endpoint;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;

/** The production overlay with the lines of docs/deploy.md that add the monitoring component. */
class MonitoringComponentTest {

    private static final Pattern LINES = Pattern.compile("(?s)```yaml\n(components:\n.*?)```");

    @TempDir
    static Path directory;

    private static Overlay production;
    private static Overlay monitored;

    @BeforeAll
    static void render() throws IOException {
        production = Overlay.named("production");
        Matcher lines = LINES.matcher(Files.readString(Path.of("docs", "deploy.md")));
        assertTrue(lines.find(), "docs/deploy.md does not say which lines");
        copy(Path.of("kubernetes"), directory);
        Path overlay = directory.resolve("overlays").resolve("production");
        Path file = overlay.resolve("kustomization.yaml");
        String before = Files.readString(file);
        String after = before.replace("components:\n  - ../../components/namespace\n", lines.group(1));
        assertNotEquals(before, after);
        Files.writeString(file, after);
        monitored = Overlay.rendered("production, monitored", overlay);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                if (Files.isRegularFile(file)) {
                    Path copy = to.resolve(from.relativize(file));
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
            }
        }
    }

    @Test
    void itAddsFourObjectsAndChangesNone() {
        assertTrue(monitored.objects().containsAll(production.objects()));
        assertEquals(
                Set.of(
                        "Service/genauth-mfa-gateway-management",
                        "ServiceMonitor/genauth-mfa-gateway",
                        "PrometheusRule/genauth-mfa-gateway",
                        "ConfigMap/genauth-mfa-gateway-dashboard"),
                added().stream()
                        .map(object ->
                                object.getKind() + "/" + object.getMetadata().getName())
                        .collect(toSet()));
    }

    @Test
    void itsObjectsAreInTheGatewaysNamespaceWithItsLabel() {
        for (HasMetadata object : added()) {
            assertEquals("genauth-mfa-gateway", object.getMetadata().getNamespace(), object.getKind());
            assertEquals(
                    "genauth-mfa-gateway",
                    object.getMetadata().getLabels().get("app.kubernetes.io/name"),
                    object.getKind());
        }
    }

    @Test
    void withoutItNoKindOfTheOperatorIsThere() {
        for (Overlay overlay : Overlay.all()) {
            assertEquals(List.of(), overlay.every(ServiceMonitor.class), overlay.name());
            assertEquals(List.of(), overlay.every(PrometheusRule.class), overlay.name());
        }
    }

    @Test
    void theServiceGivesEachPodsManagementPortAndNoOther() {
        Service service = management();
        ServicePort port = service.getSpec().getPorts().get(0);

        assertEquals(1, service.getSpec().getPorts().size());
        assertEquals("None", service.getSpec().getClusterIP(), "each pod by itself");
        assertEquals(true, service.getSpec().getPublishNotReadyAddresses());
        assertTrue(Traffic.selects(
                new LabelSelector(List.of(), service.getSpec().getSelector()),
                monitored.deployment().podLabels()));
        assertEquals(managementPort().getName(), port.getTargetPort().getStrVal());
        assertEquals(managementPort().getContainerPort(), port.getPort());
    }

    @Test
    void theMonitorSelectsThisServiceAloneAndItsPort() {
        var monitor = the(ServiceMonitor.class).getSpec();
        Endpoint endpoint = monitor.getEndpoints().get(0);

        assertEquals(
                List.of(management()),
                monitored.every(Service.class).stream()
                        .filter(service -> Traffic.selects(
                                monitor.getSelector(), service.getMetadata().getLabels()))
                        .toList());
        assertEquals(1, monitor.getEndpoints().size());
        assertEquals(management().getSpec().getPorts().get(0).getName(), endpoint.getPort());
        assertEquals("/q/metrics", endpoint.getPath());
        assertEquals(
                "genauth-mfa-gateway",
                management().getMetadata().getLabels().get(monitor.getJobLabel()),
                "the rules' job");
    }

    @Test
    void thePolicyLetsPrometheusInAsItIs() {
        assertTrue(new Traffic(
                        Map.of("kubernetes.io/metadata.name", "monitoring"),
                        Map.of(),
                        "TCP",
                        managementPort().getContainerPort())
                .comesIn(the(NetworkPolicy.class).getSpec()));
    }

    @Test
    void everyRunbookAddressIsWholeSoThatAPagerCanOpenIt() {
        the(PrometheusRule.class).getSpec().getGroups().stream()
                .flatMap(group -> group.getRules().stream())
                .filter(rule -> rule.getAlert() != null)
                .forEach(rule -> {
                    String url = rule.getAnnotations().get("runbook_url");
                    assertTrue(url.matches("https://\\S+/docs/runbook\\.md#[a-z]+"), url);
                });
    }

    @Test
    void grafanaFindsTheDashboardUnderANameThatStays() throws IOException {
        ConfigMap dashboard = monitored.every(ConfigMap.class).stream()
                .filter(map -> map.getMetadata().getName().equals("genauth-mfa-gateway-dashboard"))
                .findAny()
                .orElseThrow();

        assertEquals("1", dashboard.getMetadata().getLabels().get("grafana_dashboard"));
        assertEquals(Set.of("genauth-mfa-gateway.json"), dashboard.getData().keySet());
        assertFalse(new ObjectMapper()
                .readTree(dashboard.getData().get("genauth-mfa-gateway.json"))
                .path("panels")
                .isEmpty());
    }

    private static List<HasMetadata> added() {
        return monitored.objects().stream()
                .filter(object -> !production.objects().contains(object))
                .toList();
    }

    private static <T extends HasMetadata> T the(Class<T> type) {
        return monitored.the(type);
    }

    private static Service management() {
        return monitored.every(Service.class).stream()
                .filter(service -> service.getMetadata().getName().endsWith("-management"))
                .findAny()
                .orElseThrow();
    }

    private static ContainerPort managementPort() {
        return monitored.deployment().container().getPorts().stream()
                .filter(port -> port.getName().equals("management"))
                .findAny()
                .orElseThrow();
    }
}
