package io.github.mfagateway.api.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.mfagateway.support.GenAuthStub;
import io.github.mfagateway.support.RawConnection;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;

/** Requests of the SDKs for PHP 5.0.0, Go 3.0.19, C# 3.2.5 and Python 5.1.0, composed from their sources. */
@QuarkusTest
@WithTestResource(GenAuthStub.class)
class SdkBytesTest {

    private static final String ID = "634931036f1551730edd2bb3|phone";

    private static final String GO =
            "User-Agent: fasthttp\r\nHost: localhost\r\nx-authing-sdk-version: authing-golang-sdk:3.0.15\r\nx-authing-app-id: 60193c610f9117e7cb049159\r\n"
                    + "Authorization: TOKEN\r\n";
    private static final String PHP =
            "Host: localhost\r\nUser-Agent: AuthingIdentityCloud php\r\nAccept: */*\r\nAccept-Encoding: deflate, gzip, br\r\n"
                    + "Content-Type: application/json\r\nx-authing-request-from: SDK\r\n"
                    + "x-authing-sdk-version: authing-php-sdk:8.2\r\nx-authing-app-id: 60193c610f9117e7cb049159\r\nauthorization: TOKEN\r\n";
    private static final String CSHARP =
            "Host: localhost\r\nx-authing-app-id: 60193c610f9117e7cb049159\r\nAuthorization: Bearer TOKEN\r\nAccept: application/json\r\n";
    private static final String PYTHON =
            "Host: localhost\r\nUser-Agent: python-requests/2.31.0\r\nAccept-Encoding: gzip, deflate\r\nAccept: */*\r\n"
                    + "Connection: keep-alive\r\nx-authing-app-id: 60193c610f9117e7cb049159\r\nauthorization: TOKEN\r\n"
                    + "x-authing-sdk-version: python:5.1.0\r\nx-authing-request-from: sdk\r\n";

    @Inject
    CircuitBreakerMaintenance breakers;

    @TestHTTPResource("/")
    URL gateway;

    private final String token = GenAuthStub.freshToken();

    @BeforeEach
    void closeBreakers() {
        breakers.resetAll();
    }

    static Stream<Arguments> requests() {
        String start = "{\"profile\":[],\"factorType\":\"OTP\"}";
        String sms = "{\"factorType\":\"SMS\",\"profile\":{\"phoneNumber\":\"1\"}}";
        String enroll =
                "{\"factorType\":\"SMS\",\"enrollmentToken\":\"t\",\"enrollmentData\":{\"passCode\":\"123456\"}}";
        String reset = "{\"factorId\":\"" + ID + "\"}";
        return Stream.of("PHP", "Go", "C#", "Python").flatMap(sdk -> {
            String head =
                    switch (sdk) {
                        case "PHP" -> PHP;
                        case "Go" -> GO;
                        case "C#" -> CSHARP;
                        default -> PYTHON;
                    };
            String id =
                    switch (sdk) {
                        case "PHP" -> ID;
                        case "Go" -> ID + "&";
                        default -> ID.replace("|", "%7C");
                    };
            return Stream.of(
                    get(sdk, head, "list-factors-to-enroll"),
                    get(sdk, head, "list-enrolled-factors"),
                    get(sdk, head, "get-factor?factorId=" + id),
                    post(sdk, head, "send-enroll-factor-request", sdk.equals("PHP") ? start : sms),
                    post(sdk, head, "enroll-factor", enroll),
                    post(sdk, head, "reset-factor", reset));
        });
    }

    private static Arguments get(String sdk, String head, String call) {
        return Arguments.of(sdk, call, "GET /api/v3/" + call + " HTTP/1.1\r\n" + head + "\r\n");
    }

    private static Arguments post(String sdk, String head, String call, String body) {
        String more =
                switch (sdk) {
                    case "PHP" -> "";
                    case "Python" -> "Content-Type: application/json\r\n";
                    case "C#" -> "Expect: 100-continue\r\nContent-Type: application/json; charset=utf-8\r\n";
                    default -> "Content-Type: application/json;charset=UTF-8\r\n";
                };
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        return Arguments.of(
                sdk,
                call,
                "POST /api/v3/" + call + " HTTP/1.1\r\n" + head + more + "Content-Length: " + length + "\r\n\r\n"
                        + body);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("requests")
    void eachCallGetsAnEnvelope(String sdk, String call, String bytes) throws Exception {
        GenAuthStub.respond(
                token,
                "{\"statusCode\":200,\"data\":{\"enrollmentToken\":\"t\",\"factorId\":\"" + ID
                        + "\",\"factorType\":\"SMS\"}}");

        String response = send(bytes.replace("TOKEN", token));

        assertTrue(response.startsWith("HTTP/1.1 200 OK\r\n"), response);
        assertTrue(response.contains("\r\n\r\n{\"statusCode\":200,"), response);
        String path = "/api/v3/" + call.replaceFirst("&$", "").replace("|", "%7C");
        assertEquals(path, GenAuthStub.requests(token).get(0).getUrl());
    }

    @Test
    void goCanBeConstructed() throws Exception {
        GenAuthStub.respondToBody(token, "{\"statusCode\":200,\"message\":\"\",\"data\":{\"valid\":true}}");
        String body = "{\"appId\":\"60193c610f9117e7cb049159\",\"appSecret\":\"" + token + "\"}";

        String response = send("POST /api/v3/check-app-id-secret HTTP/1.1\r\n"
                + GO.replace("Authorization: TOKEN\r\n", "")
                + "Content-Type: application/json;charset=UTF-8\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body);

        assertTrue(response.endsWith("{\"statusCode\":200,\"message\":\"\",\"data\":{\"valid\":true}}"), response);
    }

    /** The final response, after a 100 if the request expects it. */
    private String send(String bytes) throws Exception {
        try (RawConnection connection = new RawConnection(gateway)) {
            String response = connection.send(bytes).response();
            return response.startsWith("HTTP/1.1 100 ") ? connection.response() : response;
        }
    }
}
