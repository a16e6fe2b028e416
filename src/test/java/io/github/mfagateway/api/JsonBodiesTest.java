package io.github.mfagateway.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.mfagateway.support.GenAuthStub;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;

/** Bodies that two readers could understand differently, and bodies that none can read, get 400 before GenAuth is called. */
@QuarkusTest
@WithTestResource(GenAuthStub.class)
class JsonBodiesTest {

    private static final String START = "/mfa/factors/enrollments";
    private static final String ENROLL = "/mfa/factors";
    private static final String SDK_START = "/api/v3/send-enroll-factor-request";
    private static final String SDK_ENROLL = "/api/v3/enroll-factor";
    private static final String SDK_RESET = "/api/v3/reset-factor";
    private static final String SDK_SECRET = "/api/v3/check-app-id-secret";

    private static final String TOO_LARGE = "The body is nested too deeply, or a name or a number in it is too long";

    private final String token = GenAuthStub.freshToken();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"factorType":"OTP"}{}                      | The body has text after the JSON object
            {"factorType":"OTP"}SECRET                  | The body has text after the JSON object
            {"factorType":"OTP"} "SECRET"               | The body has text after the JSON object
            {"factorType":"OTP"} 1                      | The body has text after the JSON object
            {"factorType":"OTP"},                       | The body has text after the JSON object
            {"factorType":"OTP"}}                       | The body has text after the JSON object
            {"factorType":"OTP"}]                       | The body has text after the JSON object
            {"factorType":"OTP"}[                       | The body has text after the JSON object
            {"factorType":"OTP"}{"factorType":"SECRET"} | The body has text after the JSON object
            null null                                   | The body has text after the JSON object
            {"factorType":"OTP","factorType":"SECRET"}  | factorType appears twice
            {"factorType":"OTP","factor\\u0054ype":""}  | factorType appears twice
            {"email":1,"factorType":"OTP","email":2}    | email must be a string
            {"SECRET":1,"SECRET":2}                     | A member appears twice
            {"x":{"SECRET":1,"SECRET":2}}               | A member appears twice
            {"factorType":1}                            | factorType must be a string
            {"factorType":1.5}                          | factorType must be a string
            {"factorType":1e99999}                      | factorType must be a string
            {"factorType":true}                         | factorType must be a string
            {"factorType":["OTP"]}                      | factorType must be a string
            {"factorType":{"SECRET":1}}                 | factorType must be a string
            {"factorType":"SMS","phoneNumber":18800008} | phoneNumber must be a string
            {"factorType":"SMS","phoneCountryCode":86}  | phoneCountryCode must be a string
            []                                          | The body must be a JSON object
            [{"factorType":"OTP"}]                      | The body must be a JSON object
            "SECRET"                                    | The body must be a JSON object
            ""                                          | The body must be a JSON object
            7                                           | The body must be a JSON object
            true                                        | The body must be a JSON object
            SECRET                                      | The body is not JSON in UTF-8, see line 1, column 1
            }                                           | The body is not JSON in UTF-8, see line 1, column 1
            {"factorType":SECRET}                       | The body is not JSON in UTF-8, see line 1, column 15
            {'factorType':'SECRET'}                     | The body is not JSON in UTF-8, see line 1, column 2
            {"factorType":"SECRET                       | The body is not JSON in UTF-8, see line 1, column 22
            {"factorType":NaN}                          | The body is not JSON in UTF-8, see line 1, column 18
            {"factorType":"OTP",}                       | The body is not JSON in UTF-8, see line 1, column 21
            {"factorType":"OTP"/*SECRET*/}              | The body is not JSON in UTF-8, see line 1, column 20
            """)
    void theProblemSaysWhatIsWrong(String body, String detail) {
        assertRejected(START, body, detail);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"externalPhoto":1}       | externalPhoto must be true or false
            {"externalPhoto":0.0}     | externalPhoto must be true or false
            {"externalPhoto":"true"}  | externalPhoto must be true or false
            {"externalPhoto":""}      | externalPhoto must be true or false
            {"externalPhoto":" "}     | externalPhoto must be true or false
            {"externalPhoto":[true]}  | externalPhoto must be true or false
            {"externalPhoto":{}}      | externalPhoto must be true or false
            {"passCode":123456}       | passCode must be a string
            """)
    void aProofsMembersHaveTheirTypes(String body, String detail) {
        assertRejected(ENROLL, body, detail);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            send-enroll-factor-request | {"factorType":"SMS","profile":{"phoneNumber":1}}       | phoneNumber must be a string
            send-enroll-factor-request | {"factorType":"SMS","profile":"SECRET"}                | profile must be an object
            send-enroll-factor-request | {"factorType":"SMS","profile":[1]}                     | profile must be an object
            send-enroll-factor-request | {"profile":{"email":"SECRET","email":"x"}}             | email appears twice
            send-enroll-factor-request | {"profile":{"SECRET":"","SECRET":""}}                  | A member appears twice
            send-enroll-factor-request | {"profile":{"email":SECRET}}                           | The body is not JSON in UTF-8, see line 1, column 21
            send-enroll-factor-request | {"profile":{}} SECRET                                  | The body has text after the JSON object
            enroll-factor              | {"enrollmentData":{"isExternalPhoto":"true"}}          | isExternalPhoto must be true or false
            enroll-factor              | {"enrollmentData":{"passCode":1}}                      | passCode must be a string
            enroll-factor              | {"enrollmentData":false}                               | enrollmentData must be an object
            reset-factor               | {"factorId":1}                                         | factorId must be a string
            reset-factor               | "SECRET"                                               | The body must be a JSON object
            reset-factor               | {"factorId":"SECRET","factorId":"x"}                   | factorId appears twice
            """)
    void anSdkGetsTheFailureInTheEnvelope(String call, String body, String detail) {
        assertRejected("/api/v3/" + call, body, detail);
    }

    static Stream<Arguments> bytesThatAreNoText() {
        return Stream.of(
                arguments("the beginning of UTF-32", new byte[] {0, 0, 0, '{', 0x7F, 0, 0, 0}),
                arguments("UTF-32 that ends in a character", new byte[] {0, 0, 0, '{', 0, 0}),
                arguments("an order of bytes nobody has", new byte[] {0, 0, '{', 0, 0, 0, '}', 0}),
                arguments("half a character in a name", new byte[] {'{', '"', (byte) 0xC3, '"', ':', '1', '}'}),
                arguments("half a character in a value", new byte[] {'{', '"', 'a', '"', ':', '"', (byte) 0xE2, '"', '}'
                }),
                arguments("Latin-1", "{\"factorType\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1)),
                arguments("an overlong slash", new byte[] {'"', (byte) 0xC0, (byte) 0xAF, '"'}),
                arguments("NUL", new byte[] {'{', '}', 0}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bytesThatAreNoText")
    void bytesThatAreNoTextAreRejected(String what, byte[] body) {
        for (String path : List.of(START, SDK_START)) {
            rejected(path, send(path, body)).body(detail(path), not(containsString("factorType must")));
        }
    }

    @Test
    void whatExceedsJacksonsLimitsIsRejected() {
        String digits = "1".repeat(2000);
        for (String path : List.of(START, SDK_START)) {
            assertRejected(path, "{\"x\":" + "[".repeat(2000), TOO_LARGE);
            assertRejected(path, "{\"x\":".repeat(1500), TOO_LARGE);
            assertRejected(path, "{\"factorType\":" + digits + "}", TOO_LARGE);
            assertRejected(path, "{\"factorType\":" + digits + ".5}", TOO_LARGE);
            assertRejected(path, "{\"x\":1e" + digits + "}", TOO_LARGE);
        }
    }

    @Test
    void everyMemberThatTheApiDescribesIsNamedWhenItIsThereTwice() {
        JsonPath document = given().accept("application/json").get("/q/openapi").jsonPath();
        Map<String, String> bodies = document.<String, Map<String, Object>>getMap("paths").entrySet().stream()
                .filter(path -> path.getValue().containsKey("post"))
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        path -> document.getString("paths.'" + path.getKey()
                                + "'.post.requestBody.content.'application/json'.schema.$ref")));

        assertEquals(Set.of(START, ENROLL, SDK_START, SDK_ENROLL, SDK_RESET, SDK_SECRET), bodies.keySet());
        bodies.forEach((path, schema) -> assertEveryMemberIsNamed(document, path, schema, "%s"));
    }

    /** @param enclosing the body with {@code %s} in place of the object that the schema describes */
    private void assertEveryMemberIsNamed(JsonPath document, String path, String schema, String enclosing) {
        Map<String, Map<String, Object>> properties =
                document.getMap(schema.substring(2).replace('/', '.') + ".properties");
        if (properties == null) {
            return;
        }
        properties.forEach((name, described) -> {
            String twice = "{\"%s\":null,\"%s\":null}".formatted(name, name);
            assertRejected(path, enclosing.formatted(twice), name + " appears twice");
            if (described.get("$ref") instanceof String inner) {
                assertEveryMemberIsNamed(document, path, inner, enclosing.formatted("{\"" + name + "\":%s}"));
            }
        });
    }

    @Test
    void anEmptyBodyAndNullAreNoBody() {
        for (String body : List.of("", " ", "null", "\r\n null")) {
            assertRejected(START, body, "body is missing");
            assertRejected(ENROLL, body, "body is missing");
        }
    }

    /** SDKs send more than this API reads, and GenAuth gets what it knows. */
    @Test
    void unknownMembersAreAccepted() {
        GenAuthStub.respond(token, "{\"statusCode\":200,\"data\":{\"enrollmentToken\":\"t\"}}");
        String unknown = "\"x\":{\"a\":[1,true,null,{}],\"b\":1e400},\"y\":\"\u00e9\",";

        send(START, "{" + unknown + "\"factorType\":\"OTP\"} \r\n").then().statusCode(201);
        send(SDK_START, "{" + unknown + "\"factorType\":\"OTP\",\"profile\":{\"z\":0}}\n")
                .then()
                .statusCode(200)
                .body("statusCode", is(200));

        assertEquals(
                List.of("{\"factorType\":\"OTP\"}", "{\"factorType\":\"OTP\"}"),
                GenAuthStub.requests(token).stream()
                        .map(call -> call.getBodyAsString())
                        .toList());
    }

    private void assertRejected(String path, String body, String detail) {
        rejected(path, send(path, body)).body(detail(path), is(detail));
    }

    private ValidatableResponse rejected(String path, Response response) {
        assertEquals(0, GenAuthStub.requests(token).size());
        return isSdk(path)
                ? response.then()
                        .statusCode(400)
                        .contentType("application/json")
                        .header("Cache-Control", "no-store")
                        .body("statusCode", is(400))
                        .body(not(containsString("SECRET")))
                : response.then()
                        .statusCode(400)
                        .contentType("application/problem+json")
                        .header("Cache-Control", "no-store")
                        .body("type", is("/problems/bad-request"))
                        .body("status", is(400))
                        .body(not(containsString("SECRET")));
    }

    private static String detail(String path) {
        return isSdk(path) ? "message" : "detail";
    }

    private static boolean isSdk(String path) {
        return path.startsWith("/api/v3/");
    }

    private Response send(String path, String body) {
        return send(path, body.getBytes(StandardCharsets.UTF_8));
    }

    private Response send(String path, byte[] body) {
        return given().header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .body(body)
                .post(path);
    }
}
