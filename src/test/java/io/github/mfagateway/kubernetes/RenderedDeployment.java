package io.github.mfagateway.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import io.fabric8.kubernetes.api.model.apps.Deployment;

/** A Deployment of one container, with the ConfigMaps beside it. */
record RenderedDeployment(Deployment deployment, List<ConfigMap> configMaps) {

    PodSpec pod() {
        return deployment.getSpec().getTemplate().getSpec();
    }

    Map<String, String> podLabels() {
        return deployment.getSpec().getTemplate().getMetadata().getLabels();
    }

    Container container() {
        assertEquals(1, pod().getContainers().size());
        return pod().getContainers().get(0);
    }

    /**
     * What the container's process finds in its environment.
     *
     * @param secrets by {@code <secret's name>/<key>}
     */
    Map<String, String> environment(Map<String, String> secrets) {
        Map<String, String> environment = new HashMap<>();
        for (EnvFromSource source : container().getEnvFrom()) {
            environment.putAll(configMap(source).getData());
        }
        for (EnvVar variable : container().getEnv()) {
            if (isOptionalAndMissing(variable, secrets)) {
                continue;
            }
            environment.put(
                    variable.getName(),
                    variable.getValueFrom() == null ? variable.getValue() : secret(variable, secrets));
        }
        return environment;
    }

    private ConfigMap configMap(EnvFromSource source) {
        assertNotNull(source.getConfigMapRef(), "only ConfigMaps are read whole");
        String name = source.getConfigMapRef().getName();
        return configMaps.stream()
                .filter(map -> map.getMetadata().getName().equals(name))
                .findAny()
                .orElseThrow(() -> new AssertionError("no ConfigMap " + name));
    }

    private static boolean isOptionalAndMissing(EnvVar variable, Map<String, String> secrets) {
        if (variable.getValueFrom() == null) {
            return false;
        }
        SecretKeySelector reference = variable.getValueFrom().getSecretKeyRef();
        return reference != null
                && Boolean.TRUE.equals(reference.getOptional())
                && !secrets.containsKey(reference.getName() + "/" + reference.getKey());
    }

    private static String secret(EnvVar variable, Map<String, String> secrets) {
        SecretKeySelector reference = variable.getValueFrom().getSecretKeyRef();
        assertNotNull(reference, variable.getName() + " is not from a Secret");
        String key = reference.getName() + "/" + reference.getKey();
        assertNotNull(secrets.get(key), "no secret " + key);
        return secrets.get(key);
    }
}
