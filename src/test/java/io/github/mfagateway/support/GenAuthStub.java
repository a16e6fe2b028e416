package io.github.mfagateway.support;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.extension.ResponseTransformerV2;
import com.github.tomakehurst.wiremock.http.Response;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

/** A GenAuth with a response for each token, that records the requests with that token. */
public class GenAuthStub implements QuarkusTestResourceLifecycleManager {

    public static final String FOUR_TYPES = """
            {"statusCode":200,"message":"操作成功","data":[{"factorType":"OTP"},{"factorType":"SMS"},{"factorType":"EMAIL"},{"factorType":"FACE"}]}""";

    private static final Map<String, Gate> HELD = new ConcurrentHashMap<>();

    private static final WireMockServer SERVER = new WireMockServer(options()
            .dynamicPort()
            .bindAddress("127.0.0.1")
            .containerThreads(300)
            .extensions(new Gates())
            .maxRequestJournalEntries(20_000));

    @Override
    public Map<String, String> start() {
        SERVER.start();
        return Map.of(
                "genauth.url", SERVER.baseUrl(),
                "genauth.app-id", "60193c610f9117e7cb049159",
                "genauth.language", "en-US",
                "genauth.allow-http", "true");
    }

    @Override
    public void stop() {
        SERVER.stop();
    }

    /** A token no other test has. */
    public static String freshToken() {
        return "token-" + UUID.randomUUID();
    }

    public static void respond(String token, String body) {
        respond(token, json(200, body));
    }

    public static void respond(String token, ResponseDefinitionBuilder response) {
        SERVER.stubFor(any(anyUrl())
                .withHeader("Authorization", equalTo("Bearer " + token))
                .willReturn(response));
    }

    /** The same for one path only. */
    public static void respond(String token, String path, ResponseDefinitionBuilder response) {
        SERVER.stubFor(any(urlPathEqualTo(path))
                .withHeader("Authorization", equalTo("Bearer " + token))
                .atPriority(1)
                .willReturn(response));
    }

    /** Responds to calls without a token whose body contains this. */
    public static void respondToBody(String part, String body) {
        SERVER.stubFor(any(anyUrl())
                .withHeader("Authorization", absent())
                .withRequestBody(containing(part))
                .willReturn(json(200, body)));
    }

    public static List<LoggedRequest> requests(String token, String path) {
        return SERVER.findAll(
                anyRequestedFor(urlPathEqualTo(path)).withHeader("Authorization", equalTo("Bearer " + token)));
    }

    public static ResponseDefinitionBuilder json(int status, String body) {
        return aResponse()
                .withStatus(status)
                .withHeader("Content-Type", "application/json")
                .withBody(body);
    }

    /** GenAuth's next responses to this token wait until the gate is opened. */
    public static Gate hold(String token) {
        Gate gate = new Gate();
        HELD.put("Bearer " + token, gate);
        return gate;
    }

    /** Holds responses back. */
    public static final class Gate implements AutoCloseable {

        private final CountDownLatch asked = new CountDownLatch(1);
        private final CountDownLatch opened = new CountDownLatch(1);

        public boolean isAsked() {
            return asked.getCount() == 0;
        }

        @Override
        public void close() {
            open();
        }

        public void open() {
            opened.countDown();
        }

        private void pass() {
            asked.countDown();
            try {
                opened.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static final class Gates implements ResponseTransformerV2 {

        @Override
        public String getName() {
            return "gates";
        }

        @Override
        public Response transform(Response response, ServeEvent event) {
            Gate gate = HELD.get(String.valueOf(event.getRequest().getHeader("Authorization")));
            if (gate != null) {
                gate.pass();
            }
            return response;
        }
    }

    /** GenAuth's requests with this token. */
    public static List<LoggedRequest> requests(String token) {
        return SERVER.findAll(anyRequestedFor(anyUrl()).withHeader("Authorization", equalTo("Bearer " + token)));
    }

    public static void clearRequests() {
        SERVER.resetRequests();
    }

    public static int requestCount() {
        return SERVER.findAll(anyRequestedFor(anyUrl())).size();
    }
}
