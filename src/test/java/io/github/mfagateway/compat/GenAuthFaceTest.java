package io.github.mfagateway.compat;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mfagateway.support.GenAuthStub;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;

/** What a program with one of GenAuth's SDKs gets instead of GenAuth's own answer. */
@QuarkusTest
@WithTestResource(GenAuthStub.class)
class GenAuthFaceTest {

    private static final String LIST = "/api/v3/list-factors-to-enroll";
    private static final String DONE = "{\"statusCode\":200,\"message\":\"\"}";

    @Inject
    CircuitBreakerMaintenance breakers;

    private final String token = GenAuthStub.freshToken();

    @BeforeEach
    @AfterEach
    void closeBreakers() {
        breakers.resetAll();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer", "bearer", "BEARER", "Bearer "})
    void aSchemeWithoutATokenIsNoToken(String authorization) {
        int before = GenAuthStub.askedInAll();

        list(authorization).statusCode(200).body("statusCode", is(401)).body("apiCode", is(2020));

        assertEquals(before, GenAuthStub.askedInAll());
    }

    private static ValidatableResponse list(String authorization) {
        return sdk(authorization).get(LIST).then();
    }

    private static RequestSpecification sdk(String authorization) {
        return given().header("Authorization", authorization).contentType(ContentType.JSON);
    }
}
