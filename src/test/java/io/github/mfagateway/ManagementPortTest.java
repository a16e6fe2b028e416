package io.github.mfagateway;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.oneOf;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URL;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mfagateway.support.GenAuthStub;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;

@QuarkusTest
@WithTestResource(GenAuthStub.class)
class ManagementPortTest {

    @TestHTTPResource(value = "/", management = true)
    URL management;

    @ParameterizedTest
    @ValueSource(strings = {"live", "ready", "started"})
    void healthIsOnThePortOfItsOwnAndNeverAsksGenAuth(String probe) {
        int before = GenAuthStub.askedInAll();

        given().get(management + "health/" + probe).then().statusCode(200).body("status", is("UP"));

        assertEquals(before, GenAuthStub.askedInAll());
    }

    @Test
    void healthTellsTheBreakersStatesAndIsUpWhateverTheyAre() {
        given().get(management + "health")
                .then()
                .statusCode(200)
                .body("checks.find { it.name == 'GenAuth circuit breakers' }.status", is("UP"))
                .body(
                        "checks.find { it.name == 'GenAuth circuit breakers' }.data.reads",
                        oneOf("CLOSED", "OPEN", "HALF_OPEN"));
        given().get(management + "health/ready").then().body("checks.name", not(hasItem("GenAuth circuit breakers")));
    }

    @Test
    void healthTellsTheSettingsInForce() {
        given().get(management + "health")
                .then()
                .body("checks.find { it.name == 'settings' }.data.'genauth.deadline'", is("2.5s"))
                .body("checks.find { it.name == 'settings' }.data.'mfa.cache.stale-on-error'", is("10m"));
        given().get(management + "health/ready").then().body("checks.name", not(hasItem("settings")));
    }

    @Test
    void metricsAreOnThePortOfTheirOwn() {
        given().get(management + "metrics").then().statusCode(200).body(containsString("jvm_"));
    }
}
