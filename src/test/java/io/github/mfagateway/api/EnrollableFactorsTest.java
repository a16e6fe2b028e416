package io.github.mfagateway.api;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.github.tomakehurst.wiremock.http.Fault;

import io.github.mfagateway.support.GenAuthStub;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;

@QuarkusTest
@WithTestResource(GenAuthStub.class)
class EnrollableFactorsTest {

    private final String token = GenAuthStub.freshToken();

    /** Failing calls must not add up to an open breaker, which is another test's subject. */
    @BeforeEach
    void genauthIsHealthy() {
        for (int i = 0; i < 4; i++) {
            String healthy = GenAuthStub.freshToken();
            GenAuthStub.respond(healthy, GenAuthStub.FOUR_TYPES);
            list(healthy);
        }
    }

    static Stream<Arguments> shapes() {
        return Stream.of(
                arguments(
                        GenAuthStub.FOUR_TYPES,
                        "{\"factors\":[{\"factorType\":\"OTP\"},{\"factorType\":\"SMS\"},{\"factorType\":\"EMAIL\"},{\"factorType\":\"FACE\"}]}"),
                arguments(
                        "{\"statusCode\":200,\"message\":\"Operation successful\",\"requestId\":\"934108e5\",\"data\":{\"factorType\":\"SMS\"}}",
                        "{\"factors\":[{\"factorType\":\"SMS\"}]}"),
                arguments("{\"statusCode\":200,\"message\":\"\",\"data\":[]}", "{\"factors\":[]}"),
                arguments("{\"statusCode\":200,\"message\":\"\",\"data\":null}", "{\"factors\":[]}"),
                arguments("{\"statusCode\":200,\"message\":\"\"}", "{\"factors\":[]}"),
                arguments(
                        "{\"statusCode\":200,\"message\":\"\",\"data\":[{\"factorType\":\"PASSKEY\"}]}",
                        "{\"factors\":[{\"factorType\":\"PASSKEY\"}]}"),
                arguments(
                        "{\"statusCode\":200,\"news\":{\"a\":[1]},\"data\":[{\"factorType\":\"OTP\",\"since\":\"2030\"}]}",
                        "{\"factors\":[{\"factorType\":\"OTP\"}]}"));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void everyShapeOfTheContractIsRepublished(String envelope, String response) {
        GenAuthStub.respond(token, envelope);

        list(token).statusCode(200).contentType("application/json").body(equalTo(response));
    }

    @Test
    void theSecondRequestIsServedFromTheCache() {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);

        list(token).statusCode(200);
        list(token)
                .statusCode(200)
                .header("Cache-Control", "private, no-cache")
                .header("Vary", "Authorization")
                .body("factors.factorType", is(List.of("OTP", "SMS", "EMAIL", "FACE")));

        assertEquals(1, GenAuthStub.requests(token).size());
    }

    @Test
    void aTokenIsNotItsPrefix() {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        GenAuthStub.respond(token + "x", "{\"statusCode\":200,\"data\":[]}");

        list(token).body("factors.size()", is(4));
        list(token + "x").body("factors.size()", is(0));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            200 | {"statusCode":401,"apiCode":2020,"message":"尚未登录","requestId":"r-1"} | 401 | token-refused
            401 | {"statusCode":401}                    | 401 | token-refused
            401 | <h1>who</h1>                          | 502 | genauth-failed
            403 | <h1>no</h1>                           | 502 | genauth-failed
            403 |                                       | 502 | genauth-failed
            200 | {"statusCode":500,"apiCode":2020}     | 401 | token-refused
            200 | {"statusCode":403,"apiCode":2005}     | 403 | user-refused
            200 | {"statusCode":403,"apiCode":2120008}  | 403 | user-refused
            200 | {"statusCode":400,"apiCode":2130010}  | 403 | user-refused
            403 | {"statusCode":403}                    | 403 | user-refused
            200 | {"statusCode":400}                    | 502 | genauth-rejected
            200 | {"statusCode":402}                    | 502 | genauth-rejected
            200 | {"statusCode":404,"apiCode":2011}     | 502 | genauth-rejected
            200 | {"statusCode":200,"apiCode":4021}     | 502 | genauth-rejected
            200 | {"statusCode":499}                    | 502 | genauth-rejected
            404 | nothing here                          | 502 | genauth-failed
            400 | <h1>bad</h1>                          | 502 | genauth-failed
            413 |                                       | 502 | genauth-failed
            404 | {"statusCode":404}                    | 502 | genauth-rejected
            429 | <h1>slowly</h1>                       | 503 | genauth-throttled
            200 | {"statusCode":500}                    | 502 | genauth-failed
            200 | {"statusCode":601}                    | 502 | genauth-failed
            200 | {"statusCode":602}                    | 502 | genauth-failed
            200 | {"statusCode":603}                    | 502 | genauth-failed
            200 | {"statusCode":302}                    | 502 | genauth-failed
            200 | {"statusCode":201,"data":[]}          | 502 | genauth-failed
            500 | {"statusCode":500}                    | 502 | genauth-failed
            503 | <h1>Service Unavailable</h1>          | 502 | genauth-failed
            302 | moved                                 | 502 | genauth-failed
            201 | {"statusCode":200,"data":[]}          | 502 | genauth-failed
            206 | {"statusCode":200,"data":[]}          | 502 | genauth-failed
            200 | <html>login</html>                    | 502 | genauth-failed
            200 | {"statusCode":"200","data":[]}        | 502 | genauth-failed
            200 | {"data":[]}                           | 502 | genauth-failed
            200 | []                                    | 502 | genauth-failed
            200 | {"statusCode":200,"data":"SMS"}       | 502 | genauth-failed
            200 | {"statusCode":200,"data":["SMS"]}     | 502 | genauth-failed
            200 | {"statusCode":200,"data":[{}]}        | 502 | genauth-failed
            200 | {"statusCode":200,"data":[null]}      | 502 | genauth-failed
            200 | {"statusCode":200,"data":[{"factorType":7}]} | 502 | genauth-failed
            200 | {"statusCode":200,"data":[]           | 502 | genauth-failed
            200 | {"statusCode":200,"data":[]}{}        | 502 | genauth-failed
            200 | {"statusCode":500,"statusCode":200}   | 502 | genauth-failed
            429 | {"statusCode":429,"message":"您的请求已超过最大数量限制，请稍后重试"} | 503 | genauth-throttled
            200 | {"statusCode":429}                    | 503 | genauth-throttled
            """)
    void everyFailureOfGenAuthHasItsProblem(int http, String body, int status, String type) {
        GenAuthStub.respond(token, GenAuthStub.json(http, body));

        problem(list(token), status, type).body(not(containsString("h1>"))).body(not(containsString("尚未")));
    }

    @Test
    void aProblemHasGenAuthsRequestId() {
        GenAuthStub.respond(
                token,
                "{\"statusCode\":401,\"apiCode\":2020,\"message\":\"x\",\"requestId\":\"934108e5-9fbf-4d24-8da1-c330328abd6c\"}");

        problem(list(token), 401, "token-refused")
                .header("WWW-Authenticate", "Bearer error=\"invalid_token\"")
                .body("genauthStatusCode", is(401))
                .body("genauthApiCode", is(2020))
                .body("genauthRequestId", is("934108e5-9fbf-4d24-8da1-c330328abd6c"));
    }

    @Test
    void aRequestIdThatIsNoIdentifierIsNotRepeated() {
        GenAuthStub.respond(token, "{\"statusCode\":401,\"requestId\":\"<script>\"}");

        problem(list(token), 401, "token-refused").body("genauthRequestId", nullValue());
    }

    @Test
    void anEmptyResponseIsAFailure() {
        GenAuthStub.respond(token, aResponse().withStatus(200));

        problem(list(token), 502, "genauth-failed");
    }

    @Test
    void aResponseOver64KiBIsAFailure() {
        GenAuthStub.respond(token, "{\"statusCode\":200,\"message\":\"" + "x".repeat(64 * 1024) + "\",\"data\":[]}");

        problem(list(token), 502, "genauth-failed").body("detail", containsString("64 KiB"));
    }

    @Test
    void aResponseJustUnder64KiBIsRead() {
        GenAuthStub.respond(
                token, "{\"statusCode\":200,\"message\":\"" + "x".repeat(64 * 1024 - 60) + "\",\"data\":[]}");

        list(token).statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CONNECTION_RESET_BY_PEER",
                "EMPTY_RESPONSE",
                "MALFORMED_RESPONSE_CHUNK",
                "RANDOM_DATA_THEN_CLOSE"
            })
    void aBrokenConnectionIsAFailure(Fault fault) {
        GenAuthStub.respond(token, aResponse().withFault(fault));

        problem(list(token), 502, "genauth-failed");
    }

    @Test
    void genauthsRetryAfterIsHandedOnAndBounded() {
        GenAuthStub.respond(token, GenAuthStub.json(429, "").withHeader("Retry-After", "7"));
        problem(list(token), 503, "genauth-throttled").header("Retry-After", "7");

        String other = GenAuthStub.freshToken();
        GenAuthStub.respond(other, GenAuthStub.json(429, "").withHeader("Retry-After", "86400"));
        problem(list(other), 503, "genauth-throttled").header("Retry-After", "60");
    }

    @Test
    void aFailureIsNotCached() {
        GenAuthStub.respond(token, "{\"statusCode\":500}");
        problem(list(token), 502, "genauth-failed");

        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        list(token).statusCode(200);
    }

    @Test
    void withoutATokenGenAuthIsNotCalled() {
        int before = GenAuthStub.requestCount();

        problem(given().get("/mfa/factors/enrollable").then(), 401, "missing-token")
                .header("WWW-Authenticate", "Bearer");

        assertEquals(before, GenAuthStub.requestCount());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer ",
                "Basic dXNlcjpwYXNz",
                "raw-token",
                "Bearer a b",
                "Bearer  a b",
                "Bearer \ta",
                "Bearer\ta",
                "Bearer a,b",
                "Bearer ü",
                "Bearer =",
                "Bearer a=b",
                "Bearer a\"b",
                "Bearer a\tb"
            })
    void whatIsNotOneWellFormedBearerTokenNeverReachesGenAuth(String authorization) {
        int before = GenAuthStub.requestCount();

        problem(
                        given().header("Authorization", authorization)
                                .get("/mfa/factors/enrollable")
                                .then(),
                        400,
                        "malformed-token")
                .header("WWW-Authenticate", "Bearer error=\"invalid_request\"");

        assertEquals(before, GenAuthStub.requestCount());
    }

    @Test
    void twoAuthorizationHeadersAreRejected() {
        problem(
                given().header("Authorization", "Bearer " + token, "Bearer " + token)
                        .get("/mfa/factors/enrollable")
                        .then(),
                400,
                "malformed-token");

        assertEquals(0, GenAuthStub.requests(token).size());
    }

    @Test
    void aTokenOf8KiBIsTakenAndALongerOneIsNot() {
        String longest = token + "x".repeat(8192 - token.length());
        GenAuthStub.respond(longest, GenAuthStub.FOUR_TYPES);

        list(longest).statusCode(200);
        problem(list(longest + "x"), 400, "malformed-token");
    }

    @Test
    void theSchemeIsCaseInsensitive() {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);

        given().header("Authorization", "bEARER " + token)
                .get("/mfa/factors/enrollable")
                .then()
                .statusCode(200);
    }

    /** RFC 6750, section 2.1: {@code "Bearer" 1*SP b64token}. */
    @ParameterizedTest
    @ValueSource(strings = {"/mfa/factors/enrollable", "/api/v3/list-factors-to-enroll"})
    void severalSpacesBeforeTheTokenAreOne(String path) {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);

        for (String spaces : List.of(" ", "  ", "     ")) {
            given().header("Authorization", "bearer" + spaces + token)
                    .get(path)
                    .then()
                    .statusCode(200)
                    .header("Cache-Status", containsString(spaces.equals(" ") ? "stored" : "hit"));
        }
        assertEquals(1, GenAuthStub.requests(token).size());
    }

    @Test
    void spacesDoNotCountAsTheTokensLength() {
        String longest = token + "x".repeat(8192 - token.length());
        GenAuthStub.respond(longest, GenAuthStub.FOUR_TYPES);

        list("   " + longest).statusCode(200);
        problem(list("   " + longest + "x"), 400, "malformed-token");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    /,                       */*,              404, not-found",
        "GET,    /mfa/nothing,            */*,              404, not-found",
        "GET,    /q/health,               */*,              404, not-found",
        "GET,    /q/metrics,              */*,              404, not-found",
        "POST,   /mfa/factors/enrollable, */*,              405, method-not-allowed",
        "GET,    /mfa/factors/enrollable, text/html,        406, not-acceptable",
    })
    void whatTheFrameworkRejectsIsAProblemToo(String method, String path, String accept, int status, String type) {
        problem(
                given().header("Authorization", "Bearer " + token)
                        .header("Accept", accept)
                        .request(method, path)
                        .then(),
                status,
                type);

        assertEquals(0, GenAuthStub.requests(token).size());
    }

    private static ValidatableResponse list(String token) {
        return given().header("Authorization", "Bearer " + token)
                .get("/mfa/factors/enrollable")
                .then();
    }

    private static ValidatableResponse problem(ValidatableResponse response, int status, String type) {
        return response.statusCode(status)
                .contentType("application/problem+json")
                .header("Cache-Control", "no-store")
                .body("type", is("/problems/" + type))
                .body("status", is(status))
                .body("title", not(nullValue()))
                .body("detail", not(nullValue()));
    }
}
