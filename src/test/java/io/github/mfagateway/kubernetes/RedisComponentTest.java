package io.github.mfagateway.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;

/** The shared cache, as the overlays dev and production-redis have it. */
class RedisComponentTest {

    @Test
    void productionRedisConnectsByTls() {
        Overlay production = Overlay.named("production-redis");

        Map<String, String> environment = production.deployment().environment(Overlay.SECRETS);
        assertEquals("redis", environment.get("MFA_CACHE_SHARED"));
        assertTrue(environment.get("QUARKUS_REDIS_HOSTS").startsWith("rediss://"));
        assertSecretsAreReferences(production);
        assertTrue(reaches(production, 6380));
    }

    @Test
    void productionWithoutItConnectsToNoRedis() {
        Overlay production = Overlay.named("production");

        assertFalse(production.deployment().environment(Overlay.SECRETS).containsKey("MFA_CACHE_SHARED"));
        assertFalse(reaches(production, 6379));
    }

    @Test
    void devHasARedisOfItsOwn() {
        Overlay dev = Overlay.named("dev");

        assertEquals(
                "redis://redis:6379",
                dev.deployment().environment(Overlay.SECRETS).get("QUARKUS_REDIS_HOSTS"));
        assertSecretsAreReferences(dev);
        assertTrue(reaches(dev, 6379));
        var policy = named(dev, NetworkPolicy.class, "redis").getSpec();
        Map<String, String> here = Traffic.OWN;
        assertFalse(new Traffic(
                        Map.of("kubernetes.io/metadata.name", "shop"),
                        dev.deployment().podLabels(),
                        "TCP",
                        6379)
                .comesIn(policy));
        assertTrue(new Traffic(here, dev.deployment().podLabels(), "TCP", 6379).comesIn(policy));
        assertFalse(new Traffic(here, Map.of(), "TCP", 6379).comesIn(policy));
        assertFalse(Traffic.toTheInternet(443).goesOut(policy));
    }

    @Test
    void devsRedisKeepsTheRestrictedProfileAndItsMemoryIsLimited() {
        var pod = named(Overlay.named("dev"), Deployment.class, "redis")
                .getSpec()
                .getTemplate()
                .getSpec();
        var container = pod.getContainers().get(0);
        SecurityContext security = container.getSecurityContext();

        assertEquals(true, pod.getSecurityContext().getRunAsNonRoot());
        assertEquals(
                "RuntimeDefault", pod.getSecurityContext().getSeccompProfile().getType());
        assertEquals(false, pod.getAutomountServiceAccountToken());
        assertEquals(true, security.getReadOnlyRootFilesystem());
        assertEquals(false, security.getAllowPrivilegeEscalation());
        assertEquals(List.of("ALL"), security.getCapabilities().getDrop());
        assertEquals(
                Map.of("memory", "96Mi").keySet(),
                container.getResources().getLimits().keySet());
    }

    private static void assertSecretsAreReferences(Overlay overlay) {
        for (EnvVar variable : overlay.deployment().container().getEnv()) {
            assertNull(variable.getValue(), variable.getName());
        }
    }

    private static boolean reaches(Overlay overlay, int port) {
        return overlay.every(NetworkPolicy.class).stream()
                .map(NetworkPolicy::getSpec)
                .filter(policy -> Traffic.selects(
                        policy.getPodSelector(), overlay.deployment().podLabels()))
                .anyMatch(policy -> Traffic.toTheInternet(port).goesOut(policy));
    }

    private static <T extends io.fabric8.kubernetes.api.model.HasMetadata> T named(
            Overlay overlay, Class<T> type, String name) {
        return overlay.every(type).stream()
                .filter(object -> object.getMetadata().getName().equals(name))
                .findAny()
                .orElseThrow();
    }
}
