package io.github.mfagateway.http;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.oneOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mfagateway.support.GenAuthStub;
import io.github.mfagateway.support.RawConnection;
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
    void healthIsOnTheManagementPortAndNeverCallsGenAuth(String probe) {
        int before = GenAuthStub.requestCount();

        given().get(management + "health/" + probe).then().statusCode(200).body("status", is("UP"));

        assertEquals(before, GenAuthStub.requestCount());
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

    /** One request at a time, validated, and never HTTP/2: as on the callers' port. */
    @ParameterizedTest
    @CsvSource({
        "GET http://other/ HTTP/1.1, Host: x, 421",
        "GET /q/health/live HTTP/1.1, X: y, 400",
        "GET /q/health/live HTTP/1.1, 'Host: x\r\nTransfer-Encoding: chunked, xchunked', 400",
        "PRI * HTTP/2.0, Host: x, 505"
    })
    void whatFollowsARejectedRequestIsNotExecuted(String line, String header, int status) throws IOException {
        String live = "GET /q/health/live HTTP/1.1\r\nHost: x\r\n\r\n";
        try (RawConnection connection = new RawConnection(management)) {
            connection.send(live + line + "\r\n" + header + "\r\n\r\n" + live);

            assertTrue(connection.response().startsWith("HTTP/1.1 200 "));
            String rejected = connection.response();
            assertTrue(rejected.startsWith("HTTP/1.1 " + status + " "), rejected);
            assertTrue(rejected.contains("\r\nDate: "), rejected);
            assertEquals("", connection.rest());
        }
    }

    @Test
    void anUpgradeToHttp2IsIgnored() throws IOException {
        try (RawConnection connection = new RawConnection(management)) {
            String response = connection
                    .send("GET /q/health/live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                            + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n")
                    .response();
            assertTrue(response.startsWith("HTTP/1.1 200 "), response);
        }
    }

    @Test
    void requestsToItAreNotCounted() throws IOException {
        String secret = "secret" + System.nanoTime();
        given().get(management + secret).then().statusCode(404);
        String metrics = given().get(management + "metrics").asString();
        assertFalse(metrics.contains(secret));
        assertFalse(metrics.contains("/q/management"));
    }

    @Test
    void metricsAreOnThePortOfTheirOwn() {
        given().get(management + "metrics").then().statusCode(200).body(containsString("jvm_"));
    }
}
