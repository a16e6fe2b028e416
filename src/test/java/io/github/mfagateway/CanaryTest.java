package io.github.mfagateway;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;

import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;

import io.github.mfagateway.support.Callers;
import io.github.mfagateway.support.Canary;
import io.github.mfagateway.support.CanaryWatch;
import io.github.mfagateway.support.GenAuthStub;
import io.github.mfagateway.support.TraceCollector;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;

/** With every log category at TRACE and GenAuth saying all it can, no secret is anywhere but where it belongs. */
@QuarkusTest
@WithTestResource(GenAuthStub.class)
@WithTestResource(TraceCollector.class)
class CanaryTest {

    @Inject
    CircuitBreakerMaintenance breakers;

    @TestHTTPResource("/")
    URL gateway;

    @TestHTTPResource(value = "/", management = true)
    URL management;

    private final Canary canary = new Canary();
    private Callers callers;
    private CanaryWatch watch;

    @BeforeEach
    void watch() {
        breakers.resetAll();
        callers = new Callers(gateway);
        watch = new CanaryWatch(canary);
    }

    @AfterEach
    void stop() {
        watch.close();
    }

    @Test
    void nothingShowsOfTokensOrOfWhatGenAuthSays() throws IOException {
        List<String> responses = new ArrayList<>();
        for (ResponseDefinitionBuilder response : List.of(
                GenAuthStub.json(200, GenAuthStub.FOUR_TYPES),
                GenAuthStub.json(
                        200, "{\"statusCode\":401,\"apiCode\":2020,\"message\":\"CANARY\",\"requestId\":\"<CANARY>\"}"),
                GenAuthStub.json(200, "{\"statusCode\":403,\"apiCode\":2005,\"message\":\"CANARY\"}"),
                GenAuthStub.json(404, "{\"statusCode\":404,\"message\":\"CANARY\"}"),
                GenAuthStub.json(200, "{\"statusCode\":602,\"message\":\"CANARY\"}"),
                GenAuthStub.json(429, "{\"statusCode\":429,\"message\":\"CANARY\"}"),
                GenAuthStub.json(503, "<h1>CANARY</h1>"),
                GenAuthStub.json(200, "CANARY"),
                GenAuthStub.json(200, "{\"statusCode\":200,\"data\":[{\"CANARY\":1}]}"),
                GenAuthStub.json(302, "").withHeader("Location", "http://CANARY.example/CANARY"),
                aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK),
                aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER),
                GenAuthStub.json(200, GenAuthStub.FOUR_TYPES).withFixedDelay(3000))) {
            String token = canary.token();
            GenAuthStub.respond(token, response);
            responses.add(callers.list(token));
            responses.add(callers.list(token));
            responses.add(callers.listAnew(token));
            breakers.resetAll();
        }
        for (int i = 0; i < 25; i++) {
            String token = canary.token();
            GenAuthStub.respond(token, GenAuthStub.json(500, "CANARY"));
            responses.add(callers.list(token));
        }

        watch.nothingShows(responses, management, callers);
    }

    @Test
    void nothingShowsOfFactorsOrOfWhatProvesThem() throws IOException {
        watch.nothingShows(changeFactors(), management, callers);
    }

    /** Starts, ends and undoes enrollments, with secrets in every request and response. Returns the responses to failures. */
    private List<String> changeFactors() throws IOException {
        List<String> failures = new ArrayList<>();
        String start = "{\"factorType\":\"SMS\",\"phoneNumber\":\"CANARY\",\"email\":\"CANARY@example.com\"}";
        String enroll = Callers.PROOF;
        String face =
                "{\"factorType\":\"FACE\",\"enrollmentToken\":\"CANARY\",\"photo\":\"CANARY\",\"externalPhoto\":true}";
        String sdkEnroll =
                "{\"factorType\":\"FACE\",\"enrollmentToken\":\"CANARY\",\"enrollmentData\":{\"passCode\":\"CANARY\",\"photo\":\"CANARY\"}}";
        String token = canary.token();
        for (String data : List.of(
                Canary.FOUND,
                "{\"statusCode\":400,\"apiCode\":2001,\"message\":\"CANARY\"}",
                "{\"statusCode\":200,\"data\":\"CANARY\"}",
                "CANARY")) {
            GenAuthStub.respond(token, data);
            List<String> responses = List.of(
                    callers.send(token, "POST", "/mfa/factors/enrollments", start),
                    callers.send(token, "POST", "/mfa/factors", enroll),
                    callers.send(token, "POST", "/mfa/factors", enroll + "CANARY"),
                    callers.send(token, "POST", "/mfa/factors", "{\"factorType\":[\"CANARY\"]}"),
                    callers.send(token, "POST", "/mfa/factors", "{\"passCode\":CANARY}"),
                    callers.send(token, "POST", "/mfa/factors", "{\"externalPhoto\":\"CANARY\"}"),
                    callers.send(token, "POST", "/mfa/factors", "{\"photo\":\"\",\"photo\":\"CANARY\"}"),
                    callers.send(token, "POST", "/mfa/factors", "{\"CANARY\":1,\"CANARY\":2}"),
                    callers.send(token, "POST", "/mfa/factors", "\"CANARY\""),
                    callers.send(token, "POST", "/mfa/factors", face),
                    callers.send(token, "GET", "/mfa/factors", ""),
                    callers.send(token, "GET", "/mfa/factors/CANARY%7Cotp", ""),
                    callers.send(token, "DELETE", "/mfa/factors/CANARY%7Cotp", ""),
                    callers.send(token, "POST", "/api/v3/send-enroll-factor-request", start),
                    callers.send(token, "POST", "/api/v3/enroll-factor", sdkEnroll),
                    callers.send(token, "POST", "/api/v3/enroll-factor", "{\"enrollmentData\":{\"passCode\":CANARY}}"),
                    callers.send(
                            token,
                            "POST",
                            "/api/v3/enroll-factor",
                            "{\"enrollmentData\":{\"isExternalPhoto\":\"CANARY\"}}"),
                    callers.send(token, "POST", "/api/v3/reset-factor", "{\"factorId\":\"CANARY|otp\"}"),
                    callers.send(token, "POST", "/api/v3/reset-factor", "{\"factorId\":CANARY}"),
                    callers.send(token, "POST", "/api/v3/reset-factor", "{\"x\":{\"CANARY\":1,\"CANARY\":2}}"),
                    callers.send(
                            token, "POST", "/api/v3/check-app-id-secret", "{\"appId\":\"a\",\"appSecret\":\"CANARY\"}"),
                    callers.send(token, "POST", "/oidc/token/revocation", "token=CANARY&client_secret=CANARY"),
                    callers.send(token, "GET", "/api/v3/list-enrolled-factors", ""),
                    callers.send(token, "GET", "/api/v3/get-factor?factorId=CANARY%7Cotp", ""));
            responses.stream()
                    .filter(Callers::isFailure)
                    // /api/v3 passes GenAuth's message on
                    .map(response -> response.replace("{\"statusCode\":400,\"message\":\"CANARY\"", ""))
                    .forEach(failures::add);
            breakers.resetAll();
        }
        return failures;
    }
}
