package io.github.mfagateway.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;

/** The stand-in for GenAuth beside the gateway. */
class DemoOverlayTest {

    private static final String STAND_IN = "genauth-stand-in";

    private final Overlay demo = Overlay.named("demo");

    @Test
    void onlyTheGatewayReachesTheStandIn() {
        Map<String, String> gateway = demo.deployment().podLabels();
        var policy = named(NetworkPolicy.class, STAND_IN).getSpec();
        assertTrue(new Traffic(Traffic.OWN, gateway, "TCP", 8090).comesIn(policy));
        assertFalse(new Traffic(Traffic.OWN, Map.of(), "TCP", 8090).comesIn(policy));
        assertFalse(Traffic.toTheInternet(443).goesOut(policy));
        Map<String, String> standIn = named(Deployment.class, STAND_IN)
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getLabels();
        assertTrue(new Traffic(Traffic.OWN, standIn, "TCP", 8090)
                .goesOut(named(NetworkPolicy.class, "genauth-mfa-gateway-stand-in")
                        .getSpec()));
    }

    @Test
    void theUrlIsItsServicesAndItKeepsTheRestrictedProfile() {
        assertEquals(
                "http://genauth-stand-in:8090",
                demo.deployment().environment(Overlay.SECRETS).get("GENAUTH_URL"));
        assertEquals(
                8090, named(Service.class, STAND_IN).getSpec().getPorts().get(0).getPort());
        var pod = named(Deployment.class, STAND_IN).getSpec().getTemplate().getSpec();
        var security = pod.getContainers().get(0).getSecurityContext();
        assertEquals(true, pod.getSecurityContext().getRunAsNonRoot());
        assertEquals(false, pod.getAutomountServiceAccountToken());
        assertEquals(true, security.getReadOnlyRootFilesystem());
        assertEquals(List.of("ALL"), security.getCapabilities().getDrop());
    }

    private <T extends HasMetadata> T named(Class<T> type, String name) {
        return demo.every(type).stream()
                .filter(object -> object.getMetadata().getName().equals(name))
                .findAny()
                .orElseThrow();
    }
}
