package io.github.mfagateway.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mfagateway.support.RawConnection;
import io.github.mfagateway.support.SandboxGenAuth;
import io.github.mfagateway.support.Tokens;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;

/** A factor's whole life, through both faces. */
@QuarkusTest
@WithTestResource(SandboxGenAuth.class)
class LifecycleTest {

    @TestHTTPResource("/")
    URL gateway;

    private final String subject = UUID.randomUUID().toString().replace("-", "").substring(0, 24);
    private final String token = Tokens.jwt(subject, Instant.now().plusSeconds(600));
    private final String otherToken = Tokens.jwt(subject, Instant.now().plusSeconds(600));

    @Test
    void aFactorIsEnrolledAndResetAndEveryTokenOfTheUserSeesItAtOnce() {
        assertEnrollable(token, "OTP", "SMS", "EMAIL", "FACE");
        assertEnrollable(otherToken, "OTP", "SMS", "EMAIL", "FACE");

        String enrollmentToken = with(token)
                .body(Map.of("factorType", "SMS", "phoneNumber", "18800008888", "phoneCountryCode", "+86"))
                .post("/mfa/factors/enrollments")
                .then()
                .statusCode(201)
                .header("Cache-Control", "no-store")
                .body("otp", nullValue())
                .extract()
                .path("enrollmentToken");
        with(token)
                .accept("application/problem+json")
                .body(Map.of("factorType", "SMS", "enrollmentToken", enrollmentToken, "passCode", "123456"))
                .post("/mfa/factors")
                .then()
                .statusCode(204)
                .header("Cache-Control", "no-store")
                .body(equalTo(""));
        assertEnrollable(token, "OTP", "EMAIL", "FACE");
        assertEnrollable(otherToken, "OTP", "EMAIL", "FACE");

        String factorId = with(token)
                .get("/mfa/factors")
                .then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .body("factors.factorType", is(List.of("SMS")))
                .body("factors[0].profile.phoneNumber", is("18800008888"))
                .extract()
                .path("factors[0].factorId");
        assertEquals("|phone", factorId.substring(24));
        with(token)
                .get("/mfa/factors/{factorId}", factorId)
                .then()
                .statusCode(200)
                .body("factorId", is(factorId))
                .body("profile.phoneCountryCode", is("+86"));

        with(otherToken)
                .accept("application/problem+json")
                .delete("/mfa/factors/{factorId}", factorId)
                .then()
                .statusCode(204);
        assertEnrollable(token, "OTP", "SMS", "EMAIL", "FACE");
        assertEnrollable(otherToken, "OTP", "SMS", "EMAIL", "FACE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "application/json", "text/html", "no media type", "*/*;q=x", ";"})
    void aFinishedWriteSucceedsWhateverTheCallerAccepts(String accept) throws Exception {
        String enrollmentToken = with(token)
                .body(Map.of("factorType", "SMS", "phoneNumber", "18800008888"))
                .post("/mfa/factors/enrollments")
                .then()
                .extract()
                .path("enrollmentToken");
        String body =
                "{\"factorType\":\"SMS\",\"enrollmentToken\":\"" + enrollmentToken + "\",\"passCode\":\"123456\"}";
        String head = "Host: localhost\r\nAuthorization: Bearer " + token + "\r\nAccept: " + accept + "\r\n";
        try (RawConnection connection = new RawConnection(gateway)) {
            String enrolled = connection
                    .send("POST /mfa/factors HTTP/1.1\r\n" + head
                            + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
                            + body)
                    .response();
            assertTrue(enrolled.startsWith("HTTP/1.1 204 "), enrolled);
        }
        assertEnrollable(token, "OTP", "EMAIL", "FACE");
        String factorId = with(token).get("/mfa/factors").then().extract().path("factors[0].factorId");
        try (RawConnection connection = new RawConnection(gateway)) {
            String reset = connection
                    .send("DELETE /mfa/factors/" + factorId + " HTTP/1.1\r\n" + head + "\r\n")
                    .response();
            assertTrue(reset.startsWith("HTTP/1.1 204 "), reset);
        }
    }

    @Test
    void aOneTimePasswordBringsItsSecret() {
        with(token)
                .body(Map.of("factorType", "OTP"))
                .post("/mfa/factors/enrollments")
                .then()
                .statusCode(201)
                .body("otp.qrCodeUri", containsString("otpauth://totp/"))
                .body("otp.qrCodeDataUrl", containsString("data:image/png;base64,"))
                .body("otp.recoveryCode", is("e7ad-aaa4-da75-fa37-57d1-5141"));
    }

    @Test
    void whatGenAuthRejectsKeepsItsStatus() {
        with(token)
                .body(Map.of("factorType", "OTP", "enrollmentToken", "none", "passCode", "000000"))
                .post("/mfa/factors")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("type", is("/problems/genauth-rejected"))
                .body("genauthStatusCode", is(400))
                .body("genauthApiCode", is(2001))
                .body("genauthRequestId", not(nullValue()))
                .body("detail", not(containsString("enrollment token is not valid")));
        with(token)
                .get("/mfa/factors/{factorId}", "nobody|otp")
                .then()
                .statusCode(404)
                .body("genauthStatusCode", is(404));
        with(token)
                .delete("/mfa/factors/{factorId}", "nobody|otp")
                .then()
                .statusCode(404)
                .body("genauthStatusCode", is(404));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /mfa/factors/enrollments | {"factorType":"SMS"}                                       | phoneNumber
            /mfa/factors/enrollments | {"factorType":"EMAIL","phoneNumber":"1"}                   | email
            /mfa/factors/enrollments | {"phoneNumber":"1"}                                        | factorType
            /mfa/factors/enrollments | {"factorType":" "}                                         | factorType
            /mfa/factors/enrollments | not json                                                   | JSON
            /mfa/factors/enrollments | []                                                         | JSON
            /mfa/factors/enrollments | {"factorType":{}}                                          | factorType
            /mfa/factors/enrollments | null                                                       | body
            /mfa/factors             | {"factorType":"OTP","passCode":"1"}                        | enrollmentToken
            /mfa/factors             | {"factorType":"OTP","enrollmentToken":"t"}                 | passCode
            /mfa/factors             | {"factorType":"OTP","enrollmentToken":"t","passCode":""}   | passCode
            /mfa/factors             | {"factorType":"FACE","enrollmentToken":"t","passCode":"1","photo":"p"} | photo
            """)
    void aProblemNamesTheInvalidMember(String path, String body, String member) {
        with(token)
                .body(body)
                .post(path)
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("type", is("/problems/bad-request"))
                .body("detail", containsString(member));
    }

    @Test
    void whatIsTooLongIsRejected() {
        with(token)
                .body(Map.of("factorType", "SMS", "phoneNumber", "1".repeat(300)))
                .post("/mfa/factors/enrollments")
                .then()
                .statusCode(400)
                .body("detail", containsString("phoneNumber"));
        with(token)
                .body(Map.of("factorType", "SMS", "phoneNumber", "1".repeat(20_000)))
                .post("/mfa/factors/enrollments")
                .then()
                .statusCode(413)
                .contentType("application/problem+json")
                .body("type", is("/problems/content-too-large"));
        with(token)
                .contentType("text/plain")
                .body("x")
                .post("/mfa/factors/enrollments")
                .then()
                .statusCode(415);
    }

    @Test
    void aProgramWithAnSdkDoesTheSameThroughGenAuthsFace() {
        for (String authorization : List.of(token, "Bearer " + otherToken)) {
            RequestSpecification sdk =
                    given().header("Authorization", authorization).header("x-authing-app-id", "app");
            String enrollmentToken = sdk(authorization)
                    .body(Map.of("factorType", "EMAIL", "profile", Map.of("email", "alice@example.com")))
                    .post("/api/v3/send-enroll-factor-request")
                    .then()
                    .statusCode(200)
                    .body("statusCode", is(200))
                    .extract()
                    .path("data.enrollmentToken");
            sdk(authorization)
                    .body(Map.of(
                            "factorType",
                            "EMAIL",
                            "enrollmentToken",
                            enrollmentToken,
                            "enrollmentData",
                            Map.of("passCode", "123456")))
                    .post("/api/v3/enroll-factor")
                    .then()
                    .statusCode(200)
                    .body("statusCode", is(200));
            sdk.get("/api/v3/list-factors-to-enroll")
                    .then()
                    .statusCode(200)
                    .header("Cache-Status", "genauth-mfa-gateway; fwd=uri-miss; stored")
                    .body("statusCode", is(200))
                    .body("data.factorType", is(List.of("OTP", "SMS", "FACE")));
            assertEnrollable(token, "OTP", "SMS", "FACE");
            String factorId = sdk(authorization)
                    .get("/api/v3/list-enrolled-factors")
                    .then()
                    .body("data[0].factorType", is("EMAIL"))
                    .body("data[0].profile.email", is("alice@example.com"))
                    .extract()
                    .path("data[0].factorId");
            sdk(authorization)
                    .queryParam("factorId", factorId)
                    .get("/api/v3/get-factor")
                    .then()
                    .body("statusCode", is(200))
                    .body("data.factorId", is(factorId));
            sdk(authorization)
                    .body(Map.of("factorId", factorId))
                    .post("/api/v3/reset-factor")
                    .then()
                    .statusCode(200)
                    .body("statusCode", is(200));
            assertEnrollable(token, "OTP", "SMS", "EMAIL", "FACE");
        }
    }

    @Test
    void oneCacheServesBothApis() {
        assertEnrollable(token, "OTP", "SMS", "EMAIL", "FACE");

        sdk(token).get("/api/v3/list-factors-to-enroll").then().header("Cache-Status", containsString("; hit; ttl="));
    }

    @Test
    void genauthsFaceTellsFailuresAsGenAuthDoes() {
        sdk("expired-" + subject)
                .get("/api/v3/list-factors-to-enroll")
                .then()
                .statusCode(200)
                .body("statusCode", is(401))
                .body("apiCode", is(2020))
                .body("requestId", not(nullValue()));
        sdk("locked-" + subject)
                .get("/api/v3/list-enrolled-factors")
                .then()
                .statusCode(200)
                .body("statusCode", is(403))
                .body("apiCode", is(2005));
        sdk(token)
                .queryParam("factorId", "nobody|otp")
                .get("/api/v3/get-factor")
                .then()
                .statusCode(200)
                .body("statusCode", is(404));
        sdk(token).get("/api/v3/get-factor").then().statusCode(200).body("statusCode", is(400));
        given().get("/api/v3/list-factors-to-enroll")
                .then()
                .statusCode(200)
                .body("statusCode", is(401))
                .body("apiCode", is(2020));
        sdk("a b").get("/api/v3/list-factors-to-enroll").then().statusCode(200).body("statusCode", is(401));
        sdk(token)
                .body("not json")
                .post("/api/v3/enroll-factor")
                .then()
                .statusCode(400)
                .body("statusCode", is(400));
        sdk(token)
                .body(Map.of("factorType", "SMS"))
                .post("/api/v3/send-enroll-factor-request")
                .then()
                .statusCode(200)
                .body("statusCode", is(400))
                .body("message", containsString("phoneNumber"));
    }

    @ParameterizedTest
    @CsvSource({"x-authing-app-id", "x-genauth-app-id"})
    void anotherApplicationIsRejected(String header) {
        given().header("Authorization", token)
                .header(header, "other")
                .get("/api/v3/list-factors-to-enroll")
                .then()
                .statusCode(200)
                .body("statusCode", is(403));
        given().header("Authorization", token)
                .header(header, "app")
                .get("/api/v3/list-factors-to-enroll")
                .then()
                .body("statusCode", is(200));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/v3/get-profile",
        "POST, /api/v3/signin",
        "GET, /api/v3",
        "DELETE, /api/v3/x/y",
        "PUT, /api/v3/enroll"
    })
    void onlySixPathsExist(String method, String path) {
        sdk(token)
                .request(method, path)
                .then()
                .statusCode(404)
                .contentType("application/json")
                .body("statusCode", is(404));
    }

    private static void assertEnrollable(String token, String... types) {
        with(token)
                .get("/mfa/factors/enrollable")
                .then()
                .statusCode(200)
                .body("factors.factorType", is(List.of(types)));
    }

    private static RequestSpecification with(String token) {
        return given().header("Authorization", "Bearer " + token).contentType(ContentType.JSON);
    }

    private static RequestSpecification sdk(String authorization) {
        return given().header("Authorization", authorization)
                .header("x-authing-app-id", "app")
                .contentType(ContentType.JSON);
    }
}
