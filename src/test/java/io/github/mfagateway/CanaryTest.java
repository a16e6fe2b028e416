package io.github.mfagateway;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import jakarta.inject.Inject;

import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;

import io.github.mfagateway.support.GenAuthStub;
import io.github.mfagateway.support.RawConnection;
import io.github.mfagateway.support.Tokens;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;

/** With every log category at TRACE and everything going wrong, no secret is anywhere but where it belongs. */
@QuarkusTest
@WithTestResource(GenAuthStub.class)
class CanaryTest {

    private static final String CANARY = "CANARY";
    private static final String SUBJECT = "c0ffee" + CANARY + "c0ffee";

    @Inject
    CircuitBreakerMaintenance breakers;

    @TestHTTPResource("/")
    URL gateway;

    @TestHTTPResource(value = "/", management = true)
    URL management;

    private final Queue<String> logged = new ConcurrentLinkedQueue<>();
    private final Logger root = Logger.getLogger("");
    private final Level level = root.getLevel();
    private final Handler listener = new Handler() {
        private final PatternFormatter everything = new PatternFormatter("%c %t %X %s%e");

        @Override
        public void publish(LogRecord record) {
            // WireMock is GenAuth's side
            if (!record.getLoggerName().startsWith("org.eclipse.jetty")
                    && !record.getLoggerName().startsWith("wiremock")) {
                logged.add(everything.format(ExtLogRecord.wrap(record)));
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listenToEverything() {
        breakers.resetAll();
        listener.setLevel(Level.ALL);
        root.addHandler(listener);
        root.setLevel(Level.ALL);
    }

    @AfterEach
    void stopListening() {
        root.setLevel(level);
        root.removeHandler(listener);
    }

    @Test
    void noSecretIsInALogABodyAMetricOrAThreadsName() throws IOException {
        List<String> bodies = new ArrayList<>();
        List<String> secrets = new ArrayList<>(List.of(CANARY, SUBJECT));
        for (ResponseDefinitionBuilder answer : List.of(
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
            String token = Tokens.jwt(SUBJECT, Instant.now().plusSeconds(600)) + CANARY;
            secrets.add(token);
            secrets.add(token.split("\\.")[1]);
            GenAuthStub.answer(token, answer);
            bodies.add(ask(token, "x"));
            bodies.add(ask(token, "no-cache"));
            breakers.resetAll();
        }
        bodies.addAll(changeFactors());
        bodies.add(ask("CANARY CANARY", "x"));
        bodies.add(ask("CANARY".repeat(1500), "x"));
        for (int i = 0; i < 25; i++) {
            String token = Tokens.jwt(SUBJECT, Instant.now().plusSeconds(600)) + CANARY;
            GenAuthStub.answer(token, GenAuthStub.json(500, "CANARY"));
            bodies.add(ask(token, "x"));
        }
        bodies.add(given().get(management + "metrics").asString());
        bodies.addAll(Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .toList());

        assertTrue(logged.size() > 1000, "only " + logged.size() + " lines: not everything was listened to");
        for (String secret : secrets) {
            assertEquals(
                    List.of(),
                    logged.stream()
                            .filter(line -> line.contains(secret))
                            .limit(3)
                            .toList(),
                    "in the log");
            assertEquals(
                    List.of(),
                    bodies.stream()
                            .filter(body -> body.contains(secret))
                            .limit(3)
                            .toList(),
                    "in an answer");
        }
    }

    /** Starts, ends and undoes enrollments, with secrets in every request and answer; the answers to failures come back. */
    private List<String> changeFactors() throws IOException {
        List<String> failures = new ArrayList<>();
        String start = "{\"factorType\":\"SMS\",\"phoneNumber\":\"CANARY\",\"email\":\"CANARY@example.com\"}";
        String enroll = "{\"factorType\":\"SMS\",\"enrollmentToken\":\"CANARY\",\"passCode\":\"CANARY\"}";
        String face =
                "{\"factorType\":\"FACE\",\"enrollmentToken\":\"CANARY\",\"photo\":\"CANARY\",\"externalPhoto\":true}";
        String sdkEnroll =
                "{\"factorType\":\"FACE\",\"enrollmentToken\":\"CANARY\",\"enrollmentData\":{\"passCode\":\"CANARY\",\"photo\":\"CANARY\"}}";
        String token = Tokens.jwt(SUBJECT, Instant.now().plusSeconds(600)) + CANARY;
        for (String data : List.of(
                "{\"statusCode\":200,\"data\":{\"enrollmentToken\":\"CANARY\",\"otpData\":{\"qrCodeUri\":\"CANARY\",\"qrCodeDataUrl\":\"CANARY\",\"recoveryCode\":\"CANARY\"},\"factorId\":\"CANARY|otp\",\"factorType\":\"OTP\",\"profile\":{\"phoneNumber\":\"CANARY\"}}}",
                "{\"statusCode\":400,\"apiCode\":2001,\"message\":\"CANARY\"}",
                "{\"statusCode\":200,\"data\":\"CANARY\"}",
                "CANARY")) {
            GenAuthStub.answer(token, data);
            List<String> answers = List.of(
                    send(token, "POST", "/mfa/factors/enrollments", start),
                    send(token, "POST", "/mfa/factors", enroll),
                    send(token, "POST", "/mfa/factors", enroll + "CANARY"),
                    send(token, "POST", "/mfa/factors", "{\"factorType\":[\"CANARY\"]}"),
                    send(token, "POST", "/mfa/factors", "{\"passCode\":CANARY}"),
                    send(token, "POST", "/mfa/factors", "{\"externalPhoto\":\"CANARY\"}"),
                    send(token, "POST", "/mfa/factors", face),
                    send(token, "GET", "/mfa/factors", ""),
                    send(token, "GET", "/mfa/factors/CANARY%7Cotp", ""),
                    send(token, "DELETE", "/mfa/factors/CANARY%7Cotp", ""),
                    send(token, "POST", "/api/v3/send-enroll-factor-request", start),
                    send(token, "POST", "/api/v3/enroll-factor", sdkEnroll),
                    send(token, "POST", "/api/v3/enroll-factor", "{\"enrollmentData\":{\"passCode\":CANARY}}"),
                    send(
                            token,
                            "POST",
                            "/api/v3/enroll-factor",
                            "{\"enrollmentData\":{\"isExternalPhoto\":\"CANARY\"}}"),
                    send(token, "POST", "/api/v3/reset-factor", "{\"factorId\":\"CANARY|otp\"}"),
                    send(token, "POST", "/api/v3/reset-factor", "{\"factorId\":CANARY}"),
                    send(token, "GET", "/api/v3/list-enrolled-factors", ""),
                    send(token, "GET", "/api/v3/get-factor?factorId=CANARY%7Cotp", ""));
            answers.stream().filter(answer -> !isSuccess(answer)).forEach(failures::add);
            breakers.resetAll();
        }
        return failures;
    }

    /** Under {@code /api/v3} a failure can be HTTP 200. */
    private static boolean isSuccess(String answer) {
        return answer.startsWith("HTTP/1.1 20")
                && (!answer.contains("{\"statusCode\":") || answer.contains("{\"statusCode\":200,"));
    }

    private String send(String token, String method, String path, String body) throws IOException {
        try (RawConnection connection = new RawConnection(gateway)) {
            return connection
                    .send(method + " " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token
                            + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
                            + body)
                    .response();
        }
    }

    private String ask(String token, String cacheControl) throws IOException {
        try (RawConnection connection = new RawConnection(gateway)) {
            return connection
                    .send("GET /mfa/factors/enrollable HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token
                            + "\r\nCache-Control: " + cacheControl + "\r\n\r\n")
                    .response();
        }
    }
}
