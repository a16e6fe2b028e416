package io.github.mfagateway.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;

/** What {@code kubectl apply -k} would send for one overlay; a field that Kubernetes does not know fails the reading. */
record Overlay(String name, List<HasMetadata> objects) {

    private static final String NO_KUBECTL = "kubectl renders the overlays, and is not on the PATH";
    private static final Path OVERLAYS = Path.of("kubernetes", "overlays");

    /** What Secrets that are not in git hold. */
    static final Map<String, String> SECRETS = Map.of(
            "genauth-mfa-gateway/app-id", "app",
            "genauth-mfa-gateway/shared-secret", "a-secret-of-the-deployment-0123456789",
            "genauth-mfa-gateway/redis-password", "a-password");

    private static final Map<String, Class<? extends HasMetadata>> KINDS = Stream.of(
                    Namespace.class,
                    ServiceAccount.class,
                    ConfigMap.class,
                    Secret.class,
                    Service.class,
                    Deployment.class,
                    PodDisruptionBudget.class,
                    HorizontalPodAutoscaler.class,
                    NetworkPolicy.class,
                    ServiceMonitor.class,
                    PrometheusRule.class)
            .collect(Collectors.toMap(HasMetadata::getKind, Function.identity()));

    private static final ObjectMapper MODEL = new YAMLMapper().setAnnotationIntrospector(new NoAdditionalProperties());

    static List<Overlay> all() {
        try (Stream<Path> overlays = Files.list(OVERLAYS)) {
            return overlays.sorted()
                    .map(path -> named(path.getFileName().toString()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Overlay named(String name) {
        return rendered(name, OVERLAYS.resolve(name));
    }

    static Overlay rendered(String name, Path overlay) {
        try {
            List<HasMetadata> objects = new ArrayList<>();
            var yaml = new YAMLMapper().readerFor(JsonNode.class).<JsonNode>readValues(kubectl(overlay));
            while (yaml.hasNext()) {
                objects.add(read(yaml.next()));
            }
            return new Overlay(name, List.copyOf(objects));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HasMetadata read(JsonNode yaml) throws IOException {
        String kind = yaml.path("kind").asText();
        Class<? extends HasMetadata> type = KINDS.get(kind);
        assertNotNull(type, "no rule knows the kind " + kind);
        assertEquals(HasMetadata.getApiVersion(type), yaml.path("apiVersion").asText(), kind);
        return MODEL.treeToValue(yaml, type);
    }

    private static String kubectl(Path overlay) throws IOException {
        ProcessBuilder kubectl = new ProcessBuilder("kubectl", "kustomize", overlay.toString());
        // A failure in the output makes it unreadable, and is shown.
        kubectl.redirectErrorStream(true);
        Process process;
        try {
            process = kubectl.start();
        } catch (IOException e) {
            // The gate must not pass without these rules; a build on a machine without kubectl may.
            return abort(NO_KUBECTL);
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.onExit().join().exitValue(), output);
        return output;
    }

    <T extends HasMetadata> List<T> every(Class<T> type) {
        return objects.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** The gateway's, where there are others too. */
    <T extends HasMetadata> T the(Class<T> type) {
        List<T> found = every(type);
        if (found.size() > 1) {
            found = found.stream()
                    .filter(object -> object.getMetadata().getName().equals("genauth-mfa-gateway"))
                    .toList();
        }
        assertEquals(1, found.size(), type.getSimpleName());
        return found.get(0);
    }

    RenderedDeployment deployment() {
        return new RenderedDeployment(the(Deployment.class), every(ConfigMap.class));
    }

    @Override
    public String toString() {
        return name;
    }

    /** The model keeps what it does not know in a map of additional properties; without that map it is an error. */
    private static final class NoAdditionalProperties extends JacksonAnnotationIntrospector {

        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(Annotated annotated) {
            return false;
        }
    }
}
