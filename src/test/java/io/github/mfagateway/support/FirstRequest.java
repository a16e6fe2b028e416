package io.github.mfagateway.support;

import static io.restassured.RestAssured.given;

import org.eclipse.microprofile.config.ConfigProvider;

import io.quarkus.test.junit.callback.QuarkusTestBeforeEachCallback;
import io.quarkus.test.junit.callback.QuarkusTestMethodContext;

/** Sends every gateway under test its first request, which loads classes for seconds, so that no test's deadline pays for it. */
public class FirstRequest implements QuarkusTestBeforeEachCallback {

    private static String sentTo = "";

    @Override
    public void beforeEach(QuarkusTestMethodContext test) {
        String gateway = ConfigProvider.getConfig()
                .getOptionalValue("test.url", String.class)
                .orElse("");
        if (!gateway.equals(sentTo)) {
            sentTo = gateway;
            given().header("Authorization", "Bearer first-request").get(gateway + "/mfa/factors/enrollable");
        }
    }
}
