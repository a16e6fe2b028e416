package io.github.mfagateway;

import static io.github.mfagateway.support.Until.until;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import io.github.mfagateway.support.FaultyGenAuth;
import io.github.mfagateway.support.GenAuthStub;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;

@QuarkusTest
@WithTestResource(value = FaultyGenAuth.class, initArgs = @ResourceArg(name = "scheme", value = "https"))
class SlowTlsTest {

    @Test
    void aHandshakeThatNeverEndsIsAFailureWithinTheDeadlineAndLeavesNoSocket() {
        list(); // loads what a first request loads

        long start = System.nanoTime();
        list();

        assertTrue(System.nanoTime() - start < 2_700_000_000L);
        until("its socket is closed", () -> FaultyGenAuth.open() == 0);
    }

    private static void list() {
        given().header("Authorization", "Bearer " + GenAuthStub.freshToken())
                .get("/mfa/factors/enrollable")
                .then()
                .statusCode(502)
                .body("type", is("/problems/genauth-failed"));
    }
}
