package io.github.mfagateway.factors;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static io.github.mfagateway.support.Until.until;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.URL;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;

import io.github.mfagateway.support.GenAuthStub;
import io.github.mfagateway.support.RawConnection;
import io.github.mfagateway.support.Tokens;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;

/** The effect of a write on cache and breakers, whatever its response. */
@QuarkusTest
@WithTestResource(GenAuthStub.class)
class WritesTest {

    // other tests of the same gateway turn its clock forward
    private static final int LONG = 30 * 24 * 3600;

    private static final String ENROLL = "/api/v3/enroll-factor";
    private static final String DONE = "{\"statusCode\":200,\"message\":\"\"}";
    private static final String FEWER = "{\"statusCode\":200,\"data\":[{\"factorType\":\"FACE\"}]}";

    @Inject
    CircuitBreakerMaintenance breakers;

    @TestHTTPResource("/")
    URL gateway;

    private final String subject = UUID.randomUUID().toString();
    private final String token = Tokens.jwt(subject, Instant.now().plusSeconds(LONG));
    private final String otherToken = Tokens.jwt(subject, Instant.now().plusSeconds(LONG));
    private final String stranger =
            Tokens.jwt(UUID.randomUUID().toString(), Instant.now().plusSeconds(LONG));

    @BeforeEach
    void everyUserIsCached() {
        breakers.resetAll();
        for (String each : new String[] {token, otherToken, stranger}) {
            GenAuthStub.respond(each, GenAuthStub.FOUR_TYPES);
            list(each).body("factors.size()", is(4));
            GenAuthStub.respond(each, FEWER);
        }
    }

    enum Write {
        ENROLL("/api/v3/enroll-factor") {
            @Override
            ValidatableResponse with(String token) {
                return enroll(token);
            }
        },
        RESET("/api/v3/reset-factor") {
            @Override
            ValidatableResponse with(String token) {
                return given().header("Authorization", "Bearer " + token)
                        .delete("/mfa/factors/{factorId}", "634931036f1551730edd2bb3|phone")
                        .then();
            }
        };

        private final String path;

        Write(String path) {
            this.path = path;
        }

        abstract ValidatableResponse with(String token);
    }

    static Stream<Arguments> unknownOutcomes() {
        return Stream.of(Write.values())
                .flatMap(write -> Stream.of(
                        arguments(write, "success", okJson(DONE), 204),
                        arguments(
                                write, "connection reset", aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER), 502),
                        arguments(write, "5xx", aResponse().withStatus(503), 502),
                        arguments(write, "timeout", okJson(DONE).withFixedDelay(3000), 504)));
    }

    static Stream<Arguments> lostResponses() {
        return unknownOutcomes().filter(arguments -> !arguments.get()[3].equals(204));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("unknownOutcomes")
    void theNextListOfEveryTokenOfTheUserIsGenAuthsNewest(
            Write write, String what, ResponseDefinitionBuilder response, int status) {
        GenAuthStub.respond(token, write.path, response);

        write.with(token).statusCode(status);

        list(token).body("factors.size()", is(1));
        list(otherToken).body("factors.size()", is(1));
        list(stranger).body("factors.size()", is(4));
        assertEquals(1, GenAuthStub.requests(token, write.path).size(), "a write is never retried");
    }

    /** Only GenAuth's acceptance makes a token's claims more than the caller's word. */
    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("unknownOutcomes")
    void aTokenThatNeverListedInvalidatesTheOthersOfItsUserIfGenAuthAcceptedIt(
            Write write, String what, ResponseDefinitionBuilder response, int status) {
        String fresh = Tokens.jwt(subject, Instant.now().plusSeconds(LONG));
        GenAuthStub.respond(fresh, write.path, response);

        write.with(fresh).statusCode(status);

        list(otherToken).body("factors.size()", is(status == 204 ? 1 : 4));
        list(stranger).body("factors.size()", is(4));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("lostResponses")
    void aForgedTokenInvalidatesNothingOfItsVictimAndCostsItNoCall(
            Write write, String what, ResponseDefinitionBuilder response, int status) {
        String forged = token.substring(0, token.lastIndexOf('.') + 1) + "forged";
        GenAuthStub.respond(forged, write.path, response);

        write.with(forged).statusCode(status);

        list(token)
                .header("Cache-Status", startsWith("genauth-mfa-gateway; hit; ttl="))
                .body("factors.size()", is(4));
        assertEquals(1, GenAuthStub.requests(token).size());
    }

    @ParameterizedTest
    @CsvSource({"400", "409", "429"})
    void aRejectedWriteChangesNothing(int statusCode) {
        GenAuthStub.respond(token, ENROLL, okJson("{\"statusCode\":%d}".formatted(statusCode)));

        enroll(token);

        list(token).body("factors.size()", is(4));
    }

    /** GenAuth was not called. */
    @ParameterizedTest
    @CsvSource({"400", "401", "403", "404", "413"})
    void whatAProxyRejectedChangesNothing(int http) {
        GenAuthStub.respond(token, ENROLL, GenAuthStub.json(http, "<html>blocked</html>"));

        enroll(token).statusCode(502).body("type", is("/problems/genauth-failed"));

        list(token).body("factors.size()", is(4));
    }

    @ParameterizedTest
    @CsvSource({"401", "403"})
    void aRejectionOfAnotherCallEndsTheTokensCachedResponseOnly(int statusCode) {
        GenAuthStub.respond(token, ENROLL, okJson("{\"statusCode\":%d}".formatted(statusCode)));

        enroll(token).statusCode(statusCode);

        list(token).body("factors.size()", is(1));
        list(otherToken).body("factors.size()", is(4));
    }

    @Test
    void aCallerThatDisconnectsDuringAWriteLeavesNoOldList() throws Exception {
        GenAuthStub.respond(token, ENROLL, okJson(DONE).withFixedDelay(300));
        String body = "{\"factorType\":\"SMS\",\"enrollmentToken\":\"t\",\"passCode\":\"1\"}";
        try (RawConnection connection = new RawConnection(gateway)) {
            connection.send(
                    "POST /mfa/factors HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer "
                            + token + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            until("GenAuth is asked", () -> GenAuthStub.requests(token, ENROLL).size() == 1);
        }

        until(
                "the list is the newest",
                () -> list(token).extract().path("factors.size()").equals(1));
    }

    @Test
    void aListLoadedBeforeAWriteThatArrivesAfterItIsNotStored() throws Exception {
        String slow = Tokens.jwt(subject, Instant.now().plusSeconds(LONG));
        GenAuthStub.respond(slow, GenAuthStub.FOUR_TYPES);
        GenAuthStub.respond(token, ENROLL, okJson(DONE));
        try (GenAuthStub.Gate gate = GenAuthStub.hold(slow);
                RawConnection connection = new RawConnection(gateway).send(RawConnection.list(slow))) {
            until("GenAuth is asked", gate::isAsked);
            enroll(token).statusCode(204);
            gate.open();
            String late = connection.response();
            assertEquals(true, late.contains("fwd=uri-miss\r\n"), late);
        }
        GenAuthStub.respond(slow, FEWER);

        list(slow).body("factors.size()", is(1));
    }

    @ParameterizedTest
    @EnumSource
    void fortyFailingWritesLeaveTheListOpen(Write write) {
        GenAuthStub.respond(token, write.path, okJson("{\"statusCode\":500}"));
        for (int i = 0; i < 40; i++) {
            write.with(token);
        }

        write.with(token).statusCode(503).body("type", is("/problems/genauth-unavailable"));
        list(token).statusCode(200).body("factors.size()", is(1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"statusCode":400,"apiCode":2001} | 400 | 400
            {"statusCode":404}                | 404 | 404
            {"statusCode":409}                | 409 | 409
            {"statusCode":413}                | 413 | 413
            {"statusCode":422}                | 422 | 422
            {"statusCode":402}                | 502 | 402
            {"statusCode":400,"apiCode":4021} | 502 | 400
            {"statusCode":200,"apiCode":4021} | 502 | 200
            {"statusCode":499}                | 502 | 499
            """)
    void whatGenAuthSaysOfTheCallersInputIsKeptAndWhatItSaysOfThePlanIsNot(
            String envelope, int status, int statusCode) {
        for (Write write : Write.values()) {
            GenAuthStub.respond(token, write.path, okJson(envelope));

            write.with(token)
                    .statusCode(status)
                    .body("type", is("/problems/genauth-rejected"))
                    .body("genauthStatusCode", is(statusCode));
        }
    }

    private static ValidatableResponse enroll(String token) {
        return given().header("Authorization", "Bearer " + token)
                .contentType(ContentType.JSON)
                .body(Map.of("factorType", "SMS", "enrollmentToken", "t", "passCode", "123456"))
                .post("/mfa/factors")
                .then();
    }

    private static ValidatableResponse list(String token) {
        return given().header("Authorization", "Bearer " + token)
                .get("/mfa/factors/enrollable")
                .then();
    }
}
