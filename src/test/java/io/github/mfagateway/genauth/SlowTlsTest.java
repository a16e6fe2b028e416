package io.github.mfagateway.genauth;

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
import io.restassured.response.Response;

@QuarkusTest
@WithTestResource(value = FaultyGenAuth.class, initArgs = @ResourceArg(name = "scheme", value = "https"))
class SlowTlsTest {

    @Test
    void aHandshakeThatNeverEndsIsAFailureWithinTheDeadlineAndLeavesNoSocket() {
        long start = System.nanoTime();
        Response response = given().header("Authorization", "Bearer " + GenAuthStub.freshToken())
                .get("/mfa/factors/enrollable");
        long took = System.nanoTime() - start;

        response.then().statusCode(502).body("type", is("/problems/genauth-failed"));
        assertTrue(took < 2_700_000_000L, "took " + took + " ns");
        until("its socket is closed", () -> FaultyGenAuth.open() == 0);
    }
}
