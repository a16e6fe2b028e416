package io.github.mfagateway.api.compat;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;

import io.github.mfagateway.support.GenAuthStub;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;

/** What a program with one of GenAuth's SDKs gets instead of GenAuth's own response. */
@QuarkusTest
@WithTestResource(GenAuthStub.class)
class SdkResourceTest {

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

    @Test
    void onlyAResponseFromTheCacheHasAnAge() {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);

        list(token).statusCode(200).header("Age", nullValue());
        list(token).statusCode(200).header("Age", matchesPattern("[0-9]+"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "W/%s", "\"other\", %s", "*"})
    void aMatchingEtagOfTheEnvelopeGets304(String ifNoneMatch) {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        String tag = list(token).extract().header("ETag");

        sdk(token)
                .header("If-None-Match", ifNoneMatch.formatted(tag))
                .get(LIST)
                .then()
                .statusCode(304)
                .body(emptyString())
                .header("ETag", tag)
                .header("Age", matchesPattern("[0-9]+"))
                .header("Cache-Control", "private, no-cache")
                .header("Vary", "Authorization");
    }

    @Test
    void theFacesTagsAreNotEachOthers() {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        String envelopes = list(token).extract().header("ETag");
        String ours = ours(token).extract().header("ETag");

        assertNotEquals(ours, envelopes);
        sdk(token)
                .header("If-None-Match", ours)
                .get(LIST)
                .then()
                .statusCode(200)
                .body("data.size()", is(4));
        given().header("Authorization", "Bearer " + token)
                .header("If-None-Match", envelopes)
                .get("/mfa/factors/enrollable")
                .then()
                .statusCode(200);
    }

    @Test
    void anotherListHasAnotherTag() {
        String other = GenAuthStub.freshToken();
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        GenAuthStub.respond(other, "{\"statusCode\":200,\"data\":[]}");

        assertNotEquals(
                list(token).extract().header("ETag"), list(other).extract().header("ETag"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer", "bearer", "BEARER", "Bearer "})
    void aSchemeWithoutATokenIsNoToken(String authorization) {
        int before = GenAuthStub.requestCount();

        list(authorization).statusCode(200).body("statusCode", is(401)).body("apiCode", is(2020));

        assertEquals(before, GenAuthStub.requestCount());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"statusCode":401,"apiCode":2020}    | 401 | 2020
            {"statusCode":401}                   | 401 |
            {"statusCode":500,"apiCode":2020}    | 500 | 2020
            {"statusCode":403,"apiCode":2005}    | 403 | 2005
            {"statusCode":400,"apiCode":2130010} | 400 | 2130010
            {"statusCode":400,"apiCode":2001}    | 400 | 2001
            {"statusCode":402,"apiCode":4021}    | 402 | 4021
            {"statusCode":404,"apiCode":2011}    | 404 | 2011
            {"statusCode":409}                   | 409 |
            {"statusCode":413}                   | 413 |
            {"statusCode":422}                   | 422 |
            {"statusCode":429}                   | 429 |
            {"statusCode":499}                   | 499 |
            {"statusCode":500}                   | 500 |
            {"statusCode":602}                   | 602 |
            """)
    void whatGenAuthSaysComesBackAsGenAuthSaysIt(String envelope, int statusCode, Integer apiCode) {
        GenAuthStub.respond(token, envelope);

        list(token)
                .statusCode(200)
                .contentType("application/json")
                .header("Cache-Control", "no-store")
                .body("statusCode", is(statusCode))
                .body("apiCode", is(apiCode))
                .body("data", nullValue());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            200 | {"statusCode":200,"apiCode":2020}    | 401 | 2020
            200 | {"statusCode":200,"apiCode":2130010} | 403 | 2130010
            401 | {"statusCode":200}                   | 401 | 2020
            """)
    void aRejectionWithoutAStatusCodeGetsOne(int http, String body, int statusCode, Integer apiCode) {
        GenAuthStub.respond(token, GenAuthStub.json(http, body));

        list(token).statusCode(http).body("statusCode", is(statusCode)).body("apiCode", is(apiCode));
    }

    @ParameterizedTest
    @CsvSource({"401", "403"})
    void aProxysRejectionIsARealStatus(int http) {
        GenAuthStub.respond(token, GenAuthStub.json(http, "<h1>who</h1>"));

        failure(list(token), 502);
    }

    @Test
    void genauthsLimitIsARealStatusWithItsRetryAfter() {
        GenAuthStub.respond(
                token,
                GenAuthStub.json(429, "{\"statusCode\":429,\"requestId\":\"r-1\"}")
                        .withHeader("Retry-After", "7"));
        failure(list(token), 429).header("Retry-After", "7").body("requestId", is("r-1"));

        String page = GenAuthStub.freshToken();
        GenAuthStub.respond(page, GenAuthStub.json(429, "<h1>slow down</h1>"));
        failure(list(page), 429).header("Retry-After", "1");
    }

    @Test
    void genauthsLimitInItsEnvelopeStaysThere() {
        GenAuthStub.respond(token, "{\"statusCode\":429,\"requestId\":\"r-1\"}");

        list(token).statusCode(200).body("statusCode", is(429)).body("requestId", is("r-1"));
    }

    @ParameterizedTest
    @CsvSource({"401", "503"})
    void aRealStatusOfGenAuthStaysOne(int http) {
        GenAuthStub.respond(token, GenAuthStub.json(http, "{\"statusCode\":" + http + ",\"requestId\":\"r-1\"}"));

        failure(list(token), http).body("requestId", is("r-1"));
    }

    @Test
    void whatGenAuthLeavesOutIsLeftOut() {
        GenAuthStub.respond(token, "{\"statusCode\":200,\"data\":{\"enrollmentToken\":\"t\"}}");

        sdk(token)
                .body("{\"factorType\":\"SMS\",\"profile\":{\"phoneNumber\":\"1\"}}")
                .post("/api/v3/send-enroll-factor-request")
                .then()
                .statusCode(200)
                .body("data.containsKey('otpData')", is(false));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            send-enroll-factor-request | {"factorType":"OTP","profile":[]} | 200
            send-enroll-factor-request | {"factorType":"SMS","profile":[]} | 400
            enroll-factor | {"factorType":"OTP","enrollmentToken":"t","enrollmentData":[]} | 400
            """)
    void anEmptyArrayIsPhpsEmptyObject(String call, String body, int statusCode) {
        GenAuthStub.respond(token, "{\"statusCode\":200,\"data\":{\"enrollmentToken\":\"t\"}}");

        sdk(token).body(body).post("/api/v3/" + call).then().statusCode(200).body("statusCode", is(statusCode));
    }

    @Test
    void anotherPathOfGenAuthsNamesWhereToCall() {
        failure(sdk(token).get("/api/v3/get-profile").then(), 404)
                .body("message", containsString("GenAuth's own address"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/oidc/me", "/oauth/me"})
    void anotherProtocolsPathNamesWhereToCall(String path) {
        failure(sdk(token).get(path).then(), 404).body("message", containsString("GenAuth's own address"));
    }

    @ParameterizedTest
    @CsvSource({
        "/oidc/token/revocation,",
        "/oauth/token/revocation,",
        // rejected before routing
        "//oidc/token/revocation,",
        "/oidc/token/revocation/,",
        "/oidc/token/revocation, Content-Encoding: gzip",
        "/oidc/token/revocation, Expect: more",
        "/oidc/token/revocation, Host: another"
    })
    void aRevocationGetsNoResponseThatAnSdkCouldTakeForSuccess(String path, String header) throws Exception {
        String form = "token=" + token + "&client_id=a&client_secret=b";
        try (Socket caller = new Socket("localhost", RestAssured.port)) {
            caller.setSoTimeout(10_000);
            caller.getOutputStream()
                    .write(("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n"
                                    + (header == null ? "" : header + "\r\n")
                                    + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
                                    + form.length()
                                    + "\r\n\r\n" + form)
                            .getBytes(StandardCharsets.US_ASCII));

            assertEquals(-1, caller.getInputStream().read());
        }
    }

    @Test
    void goChecksItsSecretWithoutAToken() {
        String secret = "secret-" + token;
        GenAuthStub.respondToBody(
                "{\"appId\":\"60193c610f9117e7cb049159\",\"appSecret\":\"" + secret + "\"}",
                "{\"statusCode\":200,\"message\":\"\",\"data\":{\"valid\":false,\"message\":\"no\"}}");

        given().contentType(ContentType.JSON)
                .header("x-authing-app-id", "60193c610f9117e7cb049159")
                .body("{\"appId\":\"60193c610f9117e7cb049159\",\"appSecret\":\"" + secret + "\"}")
                .post("/api/v3/check-app-id-secret")
                .then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .body("statusCode", is(200))
                .body("data.valid", is(false))
                .body("data.message", is("no"));
    }

    @Test
    void anotherApplicationsSecretIsNotSent() {
        int before = GenAuthStub.requestCount();

        given().contentType(ContentType.JSON)
                .body("{\"appId\":\"another\",\"appSecret\":\"guessed\"}")
                .post("/api/v3/check-app-id-secret")
                .then()
                .statusCode(200)
                .body("statusCode", is(403));

        assertEquals(before, GenAuthStub.requestCount());
    }

    @Test
    void aSuccessHasGenAuthsMessageAndRequestId() {
        GenAuthStub.respond(
                token,
                "{\"statusCode\":200,\"message\":\"ok\",\"requestId\":\"r-1\",\"data\":{\"enrollmentToken\":\"t\"}}");

        for (String call : List.of("send-enroll-factor-request", "enroll-factor", "reset-factor")) {
            sdk(token)
                    .body("{\"factorType\":\"OTP\",\"enrollmentToken\":\"t\",\"factorId\":\"f\","
                            + "\"enrollmentData\":{\"passCode\":\"1\"}}")
                    .post("/api/v3/" + call)
                    .then()
                    .statusCode(200)
                    .body("message", is("ok"))
                    .body("requestId", is("r-1"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"send-enroll-factor-request", "enroll-factor", "reset-factor"})
    void anEmptyArrayIsPhpsEmptyBody(String call) {
        sdk(token).body("[]").post("/api/v3/" + call).then().statusCode(200).body("statusCode", is(400));
    }

    @Test
    void aCheckWithoutASecretIsNotSent() {
        int before = GenAuthStub.requestCount();

        given().contentType(ContentType.JSON)
                .body("{\"appId\":\"a\"}")
                .post("/api/v3/check-app-id-secret")
                .then()
                .statusCode(200)
                .body("statusCode", is(400))
                .body("message", is("appSecret is required"));

        assertEquals(before, GenAuthStub.requestCount());
    }

    @Test
    void genauthsMessageIsPassedOnWithoutControlCharactersAndBounded() {
        GenAuthStub.respond(
                token, "{\"statusCode\":400,\"message\":\"\\u9a8c\\u8bc1\\r\\n\\u202e" + "x".repeat(300) + "\"}");

        list(token).statusCode(200).body("message", is("\u9a8c\u8bc1" + "x".repeat(254)));
    }

    @Test
    void aCallersLanguageAndAddressReachGenAuthOnCallsThatAreNotCached() {
        GenAuthStub.respond(token, "{\"statusCode\":200,\"data\":[]}");

        forwarded("ja-JP", "203.0.113.7")
                .get("/api/v3/list-enrolled-factors")
                .then()
                .statusCode(200);
        forwarded("ja-JP", "203.0.113.7").get(LIST).then().statusCode(200);
        forwarded("ja JP", "203.0.113.7, 10.0.0.1")
                .get("/api/v3/list-enrolled-factors")
                .then()
                .statusCode(200);

        assertEquals(
                List.of("ja-JP 203.0.113.7", "en-US null", "en-US null"),
                GenAuthStub.requests(token).stream()
                        .map(call -> call.getHeader("x-authing-lang") + " " + call.getHeader("x-real-ip"))
                        .toList());
    }

    private RequestSpecification forwarded(String language, String address) {
        return sdk(token).header("x-authing-lang", language).header("x-real-ip", address);
    }

    @Test
    void anOpenBreakerIsARealStatusWithRetryAfter() {
        GenAuthStub.respond(token, "{\"statusCode\":500}");
        for (int i = 0; i < 40; i++) {
            list(token);
        }

        failure(list(token), 503).header("Retry-After", matchesPattern("[1-5]"));
    }

    static Stream<Arguments> invalidResponses() {
        return Stream.of(
                arguments("reset", aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER), 502),
                arguments("HTML", GenAuthStub.json(200, "<html>login</html>"), 502),
                arguments("a 503 without an envelope", GenAuthStub.json(503, "<h1>no</h1>"), 502),
                arguments("success with a billing code", okJson("{\"statusCode\":200,\"apiCode\":4021}"), 502),
                arguments("silence", okJson(DONE).withFixedDelay(3000), 504));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("invalidResponses")
    void whatGenAuthDidNotSayIsARealStatus(String what, ResponseDefinitionBuilder response, int status) {
        GenAuthStub.respond(token, response);

        failure(list(token), status).header("Retry-After", nullValue());
    }

    @Test
    void onlyIfCachedGets504WithoutACachedResponse() {
        failure(sdk(token).header("Cache-Control", "only-if-cached").get(LIST).then(), 504);

        assertEquals(0, GenAuthStub.requests(token).size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            enroll-factor | {"factorType":"FACE","enrollmentToken":"t","enrollmentData":{"passCode":"","photo":"key"}} | {"factorType":"FACE","enrollmentToken":"t","enrollmentData":{"photo":"key"}}
            enroll-factor | {"factorType":"SMS","enrollmentToken":"t","enrollmentData":{"passCode":"1","photo":" "}} | {"factorType":"SMS","enrollmentToken":"t","enrollmentData":{"passCode":"1"}}
            send-enroll-factor-request | {"factorType":"SMS","profile":{"phoneNumber":"1","email":""}} | {"factorType":"SMS","profile":{"phoneNumber":"1"}}
            send-enroll-factor-request | {"factorType":"OTP","profile":{"phoneNumber":"","email":""}} | {"factorType":"OTP"}
            """)
    void aBlankMemberIsAsGoodAsNone(String call, String body, String asked) {
        GenAuthStub.respond(token, "{\"statusCode\":200,\"data\":{\"enrollmentToken\":\"t\"}}");

        sdk(token).body(body).post("/api/v3/" + call).then().statusCode(200).body("statusCode", is(200));

        assertEquals(asked, GenAuthStub.requests(token).get(0).getBodyAsString());
    }

    private static ValidatableResponse list(String authorization) {
        return sdk(authorization).get(LIST).then();
    }

    private static ValidatableResponse ours(String token) {
        return given().header("Authorization", "Bearer " + token)
                .get("/mfa/factors/enrollable")
                .then();
    }

    private static RequestSpecification sdk(String authorization) {
        return given().header("Authorization", authorization).contentType(ContentType.JSON);
    }

    private static ValidatableResponse failure(ValidatableResponse response, int status) {
        return response.statusCode(status)
                .contentType("application/json")
                .header("Cache-Control", "no-store")
                .body("statusCode", is(status))
                .body("message", not(emptyString()));
    }
}
