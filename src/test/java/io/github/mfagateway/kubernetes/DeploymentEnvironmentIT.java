package io.github.mfagateway.kubernetes;

import static io.restassured.RestAssured.given;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.mfagateway.support.GatewayProcess;

/** The environment and arguments of the rendered Deployment, and nothing else, start the packaged gateway. */
class DeploymentEnvironmentIT {

    @ParameterizedTest
    @MethodSource("io.github.mfagateway.kubernetes.Overlay#all")
    void itStartsAndIsReady(Overlay overlay) throws Exception {
        Map<String, String> environment = overlay.deployment().environment(Overlay.SECRETS);
        // Any free port, because the deployment's own may be taken on this machine.
        environment.put("QUARKUS_HTTP_PORT", "0");
        environment.put("QUARKUS_MANAGEMENT_PORT", "0");

        List<String> arguments = overlay.deployment().container().getArgs();
        try (GatewayProcess gateway =
                GatewayProcess.start(environment, arguments).awaitStart()) {
            for (String path : new String[] {"/q/health/started", "/q/health/live", "/q/health/ready"}) {
                given().get(gateway.managementUrl() + path).then().statusCode(200);
            }
        }
    }
}
