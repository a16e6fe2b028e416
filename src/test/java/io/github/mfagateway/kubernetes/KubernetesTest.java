package io.github.mfagateway.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.RollingUpdateDeployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerSpec;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpec;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicySpec;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetSpec;

/** The rules that every overlay holds. */
@ParameterizedClass
@MethodSource("io.github.mfagateway.kubernetes.Overlay#all")
class KubernetesTest {

    private static final int HTTP = Integer.parseInt(settings().getProperty("quarkus.http.port"));
    private static final int MANAGEMENT = Integer.parseInt(settings().getProperty("quarkus.management.port"));
    private static final Map<String, String> SECRETS = Overlay.SECRETS;

    @Parameter
    Overlay overlay;

    @Test
    void everythingIsInOneNamespaceThatEnforcesTheRestrictedProfile() {
        Namespace namespace = overlay.the(Namespace.class);

        Map<String, String> labels = namespace.getMetadata().getLabels();
        assertEquals("restricted", labels.get("pod-security.kubernetes.io/enforce"));
        assertEquals("restricted", labels.get("pod-security.kubernetes.io/warn"));
        assertTrue(labels.get("pod-security.kubernetes.io/enforce-version").matches("v1\\.[0-9]+"), labels.toString());
        for (HasMetadata object : overlay.objects()) {
            if (object != namespace) {
                assertEquals(
                        namespace.getMetadata().getName(),
                        object.getMetadata().getNamespace(),
                        object.getFullResourceName());
            }
        }
    }

    @Test
    void thePodKeepsTheRestrictedProfile() {
        PodSpec pod = pod();
        SecurityContext security = overlay.deployment().container().getSecurityContext();

        assertEquals(true, pod.getSecurityContext().getRunAsNonRoot());
        assertEquals(
                "RuntimeDefault", pod.getSecurityContext().getSeccompProfile().getType());
        assertNotEquals(0L, pod.getSecurityContext().getRunAsUser());
        assertTrue(pod.getSecurityContext().getSysctls().isEmpty());
        assertNull(pod.getHostNetwork());
        assertNull(pod.getHostPID());
        assertNull(pod.getHostIPC());
        assertEquals(List.of(), pod.getInitContainers(), "an init container would need these rules too");
        assertEquals(List.of(), pod.getEphemeralContainers());

        assertEquals(true, security.getReadOnlyRootFilesystem());
        assertEquals(false, security.getAllowPrivilegeEscalation());
        assertEquals(List.of("ALL"), security.getCapabilities().getDrop());
        assertEquals(List.of(), security.getCapabilities().getAdd());
        assertNull(security.getPrivileged());
        assertNull(security.getProcMount());
        assertNull(security.getRunAsNonRoot(), "the pod's holds");
        assertNull(security.getRunAsUser(), "the image's holds");
        assertNull(security.getSeccompProfile(), "the pod's holds");
        for (ContainerPort port : overlay.deployment().container().getPorts()) {
            assertNull(port.getHostPort());
        }
    }

    @Test
    void nothingOfTheNodeIsMountedAndWhatIsWrittenIsBounded() {
        for (Volume volume : pod().getVolumes()) {
            assertNotNull(volume.getEmptyDir(), volume.getName());
            assertNotNull(volume.getEmptyDir().getSizeLimit(), volume.getName());
        }
    }

    @Test
    void theTemporaryDirectoryCanBeWrittenBecauseNothingStartsWithoutIt() {
        var mounts = overlay.deployment().container().getVolumeMounts();

        assertEquals(1, mounts.size());
        assertEquals("/tmp", mounts.get(0).getMountPath());
        assertNull(mounts.get(0).getReadOnly());
    }

    @Test
    void thePodHasNoWayIntoTheKubernetesApi() {
        ServiceAccount account = overlay.the(ServiceAccount.class);

        assertEquals(account.getMetadata().getName(), pod().getServiceAccountName());
        assertEquals(false, account.getAutomountServiceAccountToken());
        assertEquals(false, pod().getAutomountServiceAccountToken());
    }

    @Test
    void threeProbesCallTheManagementPort() {
        var container = overlay.deployment().container();

        assertCalls("/q/health/started", container.getStartupProbe());
        assertCalls("/q/health/live", container.getLivenessProbe());
        assertCalls("/q/health/ready", container.getReadinessProbe());
    }

    private void assertCalls(String path, Probe probe) {
        assertEquals(path, probe.getHttpGet().getPath());
        assertEquals(MANAGEMENT, containerPort(probe.getHttpGet().getPort()), path);
    }

    @Test
    void memoryIsLimitedAndCpuIsNot() {
        ResourceRequirements resources = overlay.deployment().container().getResources();

        assertTrue(bytes(resources.getRequests().get("memory")) > 0);
        assertTrue(amount(resources.getRequests().get("cpu")).signum() > 0);
        assertTrue(bytes(resources.getLimits().get("memory"))
                >= bytes(resources.getRequests().get("memory")));
        assertEquals(Set.of("memory"), resources.getLimits().keySet());
    }

    @Test
    void theHeapTakesHalfOfTheMemory() {
        if (isDemo()) {
            // JvmComponentTest has the JVM's options
            return;
        }
        Quantity memory =
                overlay.deployment().container().getResources().getLimits().get("memory");

        assertTrue(heap() * 2 <= bytes(memory));
    }

    private long heap() {
        List<String> sizes = overlay.deployment().container().getArgs().stream()
                .filter(argument -> argument.startsWith("-Xmx"))
                .toList();
        assertEquals(1, sizes.size());
        return bytes(new Quantity(sizes.get(0).substring("-Xmx".length()).replace("m", "Mi")));
    }

    @Test
    void aFullHeapIsARestart() {
        if (isDemo()) {
            // JvmComponentTest has the JVM's options
            return;
        }
        assertTrue(overlay.deployment().container().getArgs().contains("-XX:+ExitOnOutOfMemoryError"));
    }

    @Test
    void theProcessorsAreCountedOutBecauseNothingElseLimitsThem() {
        if (isDemo()) {
            // JvmComponentTest has the JVM's options
            return;
        }
        assertTrue(overlay.deployment().container().getArgs().stream()
                .anyMatch(argument -> argument.matches("-XX:ActiveProcessorCount=[1-9]")));
    }

    @Test
    void aRolloutTakesNoPodAwayBeforeANewOneIsReady() {
        var strategy = overlay.deployment().deployment().getSpec().getStrategy();
        RollingUpdateDeployment update = strategy.getRollingUpdate();

        assertEquals("RollingUpdate", strategy.getType());
        assertEquals(0, update.getMaxUnavailable().getIntVal());
        assertTrue(update.getMaxSurge().getIntVal() > 0, "without a surge nothing could ever be replaced");
    }

    @Test
    void aPodHasTimeToDrainBeforeItIsKilled() {
        Duration grace = Duration.ofSeconds(pod().getTerminationGracePeriodSeconds());

        assertTrue(grace.compareTo(duration("quarkus.shutdown.delay").plus(duration("quarkus.shutdown.timeout"))) > 0);
    }

    @Test
    void podsSpreadOverZonesAndNodes() {
        var constraints = pod().getTopologySpreadConstraints();

        assertEquals(
                Set.of("topology.kubernetes.io/zone", "kubernetes.io/hostname"),
                constraints.stream().map(each -> each.getTopologyKey()).collect(Collectors.toSet()));
        for (var constraint : constraints) {
            assertEquals(1, constraint.getMaxSkew());
            assertSelectsThePods(constraint.getLabelSelector());
        }
    }

    @Test
    void theDeploymentTheBudgetAndThePolicySelectThePods() {
        assertSelectsThePods(overlay.deployment().deployment().getSpec().getSelector());
        assertSelectsThePods(overlay.the(PodDisruptionBudget.class).getSpec().getSelector());
        assertSelectsThePods(overlay.the(NetworkPolicy.class).getSpec().getPodSelector());
    }

    @Test
    void theServiceGivesThePodsHttpPortAndNoOther() {
        var service = overlay.the(Service.class).getSpec();

        assertSelectsThePods(new LabelSelector(List.of(), service.getSelector()));
        assertNull(service.getType(), "inside the cluster only");
        assertEquals(1, service.getPorts().size());
        assertEquals(HTTP, service.getPorts().get(0).getPort());
        assertEquals(HTTP, containerPort(service.getPorts().get(0).getTargetPort()));
    }

    @Test
    void oneReplicaDoesNotHoldUpADrain() {
        PodDisruptionBudgetSpec budget = overlay.the(PodDisruptionBudget.class).getSpec();

        assertNull(budget.getMinAvailable());
        assertEquals(1, budget.getMaxUnavailable().getIntVal());
    }

    @Test
    void callersReachHttpAndMonitoringReachesManagement() {
        NetworkPolicySpec policy = overlay.the(NetworkPolicy.class).getSpec();
        Map<String, String> anywhere = namespace("shop");
        Map<String, String> monitoring = namespace("monitoring");
        Map<String, String> caller = Map.of("genauth-mfa-gateway/caller", "true");

        assertEquals(Set.of("Ingress", "Egress"), Set.copyOf(policy.getPolicyTypes()));
        assertTrue(new Traffic(anywhere, caller, "TCP", HTTP).comesIn(policy));
        assertTrue(new Traffic(monitoring, Map.of(), "TCP", MANAGEMENT).comesIn(policy));
        assertFalse(new Traffic(anywhere, Map.of(), "TCP", HTTP).comesIn(policy));
        assertFalse(new Traffic(monitoring, Map.of(), "TCP", HTTP).comesIn(policy));
        assertFalse(new Traffic(anywhere, caller, "TCP", MANAGEMENT).comesIn(policy));
        assertFalse(new Traffic(null, Map.of(), "TCP", HTTP).comesIn(policy));
    }

    @Test
    void theGatewayReachesDnsAndGenAuth() {
        NetworkPolicySpec policy = overlay.the(NetworkPolicy.class).getSpec();

        assertTrue(new Traffic(namespace("kube-system"), Map.of(), "UDP", 53).goesOut(policy));
        assertTrue(new Traffic(namespace("kube-system"), Map.of(), "TCP", 53).goesOut(policy));
        assertTrue(Traffic.toTheInternet(443).goesOut(policy));
        assertFalse(Traffic.toTheInternet(80).goesOut(policy));
        assertFalse(Traffic.toTheInternet(53).goesOut(policy));
        assertFalse(new Traffic(namespace("shop"), Map.of(), "UDP", 53).goesOut(policy));
        assertFalse(new Traffic(namespace("kube-system"), Map.of(), "TCP", 8080).goesOut(policy));
    }

    private static Map<String, String> namespace(String name) {
        return Map.of("kubernetes.io/metadata.name", name);
    }

    @Test
    void aChangedSettingIsARollout() {
        String name = overlay.the(ConfigMap.class).getMetadata().getName();

        assertTrue(name.matches("genauth-mfa-gateway-[a-z0-9]{10}"), name);
        assertEquals(
                List.of(name),
                overlay.deployment().container().getEnvFrom().stream()
                        .map(source -> source.getConfigMapRef().getName())
                        .toList());
    }

    @Test
    void theAppIdIsOnlyAReferenceToASecretThatIsNotHere() {
        EnvVar appId = overlay.deployment().container().getEnv().stream()
                .filter(variable -> variable.getName().equals("GENAUTH_APP_ID"))
                .findAny()
                .orElseThrow();

        assertNull(appId.getValue());
        assertEquals(
                "genauth-mfa-gateway", appId.getValueFrom().getSecretKeyRef().getName());
        assertEquals("app-id", appId.getValueFrom().getSecretKeyRef().getKey());
        assertNull(appId.getValueFrom().getSecretKeyRef().getOptional());
        assertFalse(overlay.the(ConfigMap.class).getData().containsKey("GENAUTH_APP_ID"));
    }

    @Test
    void everyVariableIsASettingOfTheGateway() {
        Set<String> known = Stream.concat(
                        Stream.of(
                                "genauth.url",
                                "genauth.app-id",
                                "genauth.rate-limit",
                                "mfa.cache.shared-secret",
                                "mfa.cache.shared-secret-previous",
                                "quarkus.redis.hosts",
                                // the JVM's own
                                "java.tool.options",
                                "quarkus.redis.password"),
                        settings().stringPropertyNames().stream())
                .map(setting -> setting.toUpperCase().replaceAll("[^A-Z0-9]", "_"))
                .collect(Collectors.toSet());

        assertTrue(known.containsAll(environment().keySet()), environment().toString());
        assertEquals(false, pod().getEnableServiceLinks(), "GENAUTH_… of a service named genauth is none");
    }

    @Test
    void onlyTheDemoCallsGenAuthWithoutTlsAndHasAnAppId() {
        if (isDemo()) {
            assertEquals("http://genauth-stand-in:8090", environment().get("GENAUTH_URL"));
            return;
        }
        assertEquals(List.of(), overlay.every(Secret.class));
        assertTrue(environment().get("GENAUTH_URL").startsWith("https://"));
        assertFalse(environment().containsKey("GENAUTH_ALLOW_HTTP"));
    }

    @Test
    void theImageHasATagThatSaysWhatItIs() {
        String image = overlay.deployment().container().getImage();

        assertTrue(image.matches("(.+/)?genauth-mfa-gateway:[^:]+"), image);
        assertFalse(image.endsWith(":latest"), image);
    }

    @Test
    void onlyReplicasThatShareACacheGrowWithTheLoad() {
        Integer replicas = overlay.deployment().deployment().getSpec().getReplicas();
        List<HorizontalPodAutoscaler> scalers = overlay.every(HorizontalPodAutoscaler.class);
        if (!overlay.name().equals("production-redis")) {
            assertEquals(List.of(), scalers);
            assertEquals(overlay.name().equals("production") ? 2 : null, replicas);
            return;
        }
        HorizontalPodAutoscalerSpec scaling = scalers.get(0).getSpec();

        assertEquals("redis", environment().get("MFA_CACHE_SHARED"));
        assertNull(replicas, "each apply would undo the autoscaler");
        assertEquals(
                overlay.deployment().deployment().getMetadata().getName(),
                scaling.getScaleTargetRef().getName());
        assertEquals("Deployment", scaling.getScaleTargetRef().getKind());
        assertTrue(scaling.getMinReplicas() >= 2);
        assertTrue(scaling.getMaxReplicas() > scaling.getMinReplicas());
        assertEquals(1, scaling.getMetrics().size());
        MetricSpec metric = scaling.getMetrics().get(0);
        assertEquals("cpu", metric.getResource().getName());
        assertEquals("Utilization", metric.getResource().getTarget().getType());
        assertTrue(scaling.getBehavior().getScaleDown().getStabilizationWindowSeconds() >= 300);
    }

    @Test
    void allReplicasTogetherStayBelowGenAuthsLimit() {
        if (overlay.name().equals("dev") || isDemo()) {
            return;
        }
        int replicas = overlay.every(HorizontalPodAutoscaler.class).stream()
                .findAny()
                .map(scaler -> scaler.getSpec().getMaxReplicas())
                .orElseGet(() -> overlay.deployment().deployment().getSpec().getReplicas());
        int surge = overlay.deployment()
                .deployment()
                .getSpec()
                .getStrategy()
                .getRollingUpdate()
                .getMaxSurge()
                .getIntVal();

        int calls = (replicas + surge) * Integer.parseInt(environment().get("GENAUTH_RATE_LIMIT"));
        assertTrue(calls > 250 && calls <= 300, calls + " calls a second");
    }

    private boolean isDemo() {
        return overlay.name().equals("demo");
    }

    private PodSpec pod() {
        return overlay.deployment().pod();
    }

    private Map<String, String> environment() {
        return overlay.deployment().environment(SECRETS);
    }

    private void assertSelectsThePods(LabelSelector selector) {
        assertFalse(selector.getMatchLabels().isEmpty(), "it would select everything");
        assertTrue(Traffic.selects(selector, overlay.deployment().podLabels()));
    }

    private int containerPort(IntOrString port) {
        return overlay.deployment().container().getPorts().stream()
                .filter(each -> each.getName().equals(port.getStrVal())
                        || each.getContainerPort().equals(port.getIntVal()))
                .findAny()
                .orElseThrow()
                .getContainerPort();
    }

    private static long bytes(Quantity quantity) {
        return amount(quantity).longValueExact();
    }

    private static BigDecimal amount(Quantity quantity) {
        return Quantity.getAmountInBytes(quantity);
    }

    private static Duration duration(String setting) {
        return Duration.parse("PT" + settings().getProperty(setting));
    }

    private static Properties settings() {
        Properties settings = new Properties();
        try (var file = Files.newBufferedReader(Path.of("src/main/resources/application.properties"))) {
            settings.load(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return settings;
    }
}
