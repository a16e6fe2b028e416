package io.github.mfagateway.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

class SandboxTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static Vertx vertx;
    private static int port;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        port = new Sandbox(vertx)
                .listen(0)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    @AfterAll
    static void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @ParameterizedTest
    @CsvSource({
        "Bearer alice, 200",
        "alice, 200",
        "Bearer expired-1, 401",
        "expired-1, 401",
        "bearer expired-1, 401",
        "Bearer a.b!.c, 200",
        "Bearer a.bnVsbA.c, 200",
        "Bearer locked-1, 403",
        "locked-1, 403"
    })
    void aTokenMeansTheSameWithAndWithoutItsScheme(String authorization, int statusCode) throws Exception {
        assertStatusCode(statusCode, authorization, HttpRequest.newBuilder(call("list-factors-to-enroll")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            send-enroll-factor-request | {}
            send-enroll-factor-request | {"factorType":"OTP","profile":[]}
            send-enroll-factor-request | {"factorType":null}
            send-enroll-factor-request | nothing
            send-enroll-factor-request | []
            enroll-factor | {"factorType":"OTP","enrollmentToken":null}
            enroll-factor | {"factorType":"OTP","enrollmentToken":"t","enrollmentData":[]}
            enroll-factor | {"factorType":"OTP","enrollmentToken":"t","enrollmentData":null}
            enroll-factor | {"factorType":"OTP","enrollmentToken":7,"enrollmentData":{"passCode":{}}}
            send-enroll-factor-request | {"factorType":{}}
            reset-factor | {}
            """)
    void inputThatIsWrongGetsA400(String call, String body) throws Exception {
        assertStatusCode(400, "alice", HttpRequest.newBuilder(call(call)).POST(BodyPublishers.ofString(body)));
    }

    @ParameterizedTest
    @CsvSource({"get-factor, 400", "get-factor?factorId=, 400", "get-factor?factorId=none, 404"})
    void aFactorNeedsAnId(String call, int statusCode) throws Exception {
        assertStatusCode(statusCode, "alice", HttpRequest.newBuilder(call(call)));
    }

    private static URI call(String call) {
        return URI.create("http://127.0.0.1:" + port + "/api/v3/" + call);
    }

    private static void assertStatusCode(int expected, String authorization, HttpRequest.Builder request)
            throws Exception {
        String body = CLIENT.send(
                        request.header("Authorization", authorization)
                                .timeout(Duration.ofSeconds(10))
                                .build(),
                        BodyHandlers.ofString())
                .body();

        JsonObject envelope = new JsonObject(body);
        assertEquals(expected, envelope.getInteger("statusCode"), body);
        assertNotNull(envelope.getString("requestId"), body);
    }
}
