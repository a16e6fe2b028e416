package io.github.mfagateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import jakarta.inject.Inject;

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

/** Whatever bytes come, they get a 4xx or a closed connection; GenAuth never sees them, and nobody sees our insides. */
@QuarkusTest
@WithTestResource(GenAuthStub.class)
class HostileCallersTest {

    private static final String AUTHORIZATION = "Authorization: Bearer hostile\r\n";

    @Inject
    CircuitBreakerMaintenance breakers;

    @TestHTTPResource("/")
    URL gateway;

    static Stream<Arguments> requests() {
        String list = "GET /mfa/factors/enrollable HTTP/1.1\r\nHost: x\r\n" + AUTHORIZATION;
        return Stream.of(
                arguments("garbage", "\u0016\u0000\u0001garbage\r\n\r\n", "400"),
                arguments(
                        "TLS on the plain port",
                        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n",
                        "400"),
                arguments("no version", "GET /mfa/factors/enrollable\r\n\r\n", "400"),
                arguments("a head over 12 KiB", list + "X-Long: " + "x".repeat(13_000) + "\r\n\r\n", "431"),
                arguments("many headers over 12 KiB", list + "X-Many: 123456789\r\n".repeat(1000) + "\r\n", "431"),
                arguments("a line over 4 KiB", "GET /" + "x".repeat(5000) + " HTTP/1.1\r\nHost: x\r\n\r\n", "414"),
                arguments(
                        "a body over 16 KiB",
                        "POST /mfa/factors/enrollable HTTP/1.1\r\nHost: x\r\n" + AUTHORIZATION
                                + "Content-Length: 16385\r\n\r\n",
                        "4"),
                arguments(
                        "Content-Length and Transfer-Encoding",
                        "POST /mfa/factors/enrollable HTTP/1.1\r\nHost: x\r\n" + AUTHORIZATION
                                + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        "4"),
                arguments(
                        "two Content-Lengths",
                        "POST /mfa/factors/enrollable HTTP/1.1\r\nHost: x\r\n" + AUTHORIZATION
                                + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
                        "400"),
                arguments("a folded header", list + "X-Folded: a\r\n b\r\nAuthorization : Bearer other\r\n\r\n", "400"),
                arguments(
                        "an encoded slash", list.replace("factors/enrollable", "factors%2Fenrollable") + "\r\n", "404"),
                arguments("a broken escape", list.replace("enrollable", "%zz") + "\r\n", "400"),
                arguments("a null byte", list.replace("enrollable", "enrollable%00") + "\r\n", "4"),
                arguments("a way up", list.replace("/mfa/factors", "/mfa/../factors") + "\r\n", "4"),
                arguments(
                        "an absolute address elsewhere",
                        list.replace(
                                        "GET /mfa/factors/enrollable",
                                        "GET http://genauth.example/api/v3/list-factors-to-enroll")
                                + "\r\n",
                        "421"),
                arguments(
                        "CONNECT",
                        "CONNECT genauth.example:443 HTTP/1.1\r\nHost: genauth.example:443\r\n" + AUTHORIZATION
                                + "\r\n",
                        "4"),
                arguments("TRACE", list.replace("GET ", "TRACE ") + "\r\n", "4"),
                arguments("an unknown method", list.replace("GET ", "BREW ") + "\r\n", "4"));
    }

    /** As many as there are worker threads, and some. */
    @Test
    void bodiesThatStopHoldNoThreads() throws IOException {
        breakers.resetAll();
        List<RawConnection> stopped = new ArrayList<>();
        try {
            for (int i = 0; i < 250; i++) {
                stopped.add(new RawConnection(gateway)
                        .send("POST /mfa/factors HTTP/1.1\r\nHost: gateway\r\n" + AUTHORIZATION
                                + "Content-Type: application/json\r\nContent-Length: 16000\r\n\r\n"
                                + " ".repeat(11_000)));
            }
            String asking = GenAuthStub.freshToken();
            GenAuthStub.answer(asking, GenAuthStub.FOUR_TYPES);
            try (RawConnection other = new RawConnection(gateway)) {
                String answer = other.send(RawConnection.list(asking)).response();
                assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
            }
            assertEquals(
                    List.of(),
                    Thread.getAllStackTraces().values().stream()
                            .flatMap(Stream::of)
                            .map(StackTraceElement::getClassName)
                            .filter(name -> name.endsWith("VertxInputStream"))
                            .toList());
        } finally {
            for (RawConnection connection : stopped) {
                connection.close();
            }
        }
    }

    @Test
    void aBodyInChunksIsReadLikeAnyOther() throws IOException {
        try (RawConnection connection = new RawConnection(gateway)) {
            String head = "POST /mfa/factors/enrollments HTTP/1.1\r\nHost: gateway\r\n" + AUTHORIZATION
                    + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n";
            String body = "9\r\n{\"factorT\r\nb\r\nype\":\"SMS\"}\r\n0\r\n\r\n";
            for (String expect : List.of("", "Expect: 100-continue\r\n")) {
                connection.send(head + expect + "\r\n");
                if (!expect.isEmpty()) {
                    assertTrue(connection.response().startsWith("HTTP/1.1 100 "));
                }
                String answer = connection.send(body).response();
                assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
                assertTrue(answer.contains("phoneNumber"), answer);
            }
        }
    }

    /** A length that is not said shows only when it has come. */
    @Test
    void aBodyInChunksThatGrowsTooLongIsToldSo() throws IOException {
        try (RawConnection connection = new RawConnection(gateway)) {
            connection.send("POST /mfa/factors HTTP/1.1\r\nHost: gateway\r\n" + AUTHORIZATION
                    + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
            String chunk = "1000\r\n" + " ".repeat(0x1000) + "\r\n";
            connection.send(chunk.repeat(5) + "0\r\n\r\n");

            String answer = connection.response();
            assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
            assertTrue(answer.contains("/problems/content-too-large"), answer);
            assertEquals("", connection.rest());
        }
        assertEquals(0, GenAuthStub.asked("hostile").size());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void aHostileRequestIsRefusedAndGoesNoFurther(String what, String bytes, String status) throws Exception {
        int before = GenAuthStub.askedInAll();
        try (RawConnection connection = new RawConnection(gateway)) {
            String response = connection.send(bytes).response();

            assertTrue(
                    response.startsWith("HTTP/1.1 " + status) || response.startsWith("HTTP/1.0 " + status), response);
            assertNothingShows(response);
        }
        assertEquals(before, GenAuthStub.askedInAll());
    }

    @Test
    void aSmuggledSecondRequestIsNotAnswered() throws Exception {
        try (RawConnection connection = new RawConnection(gateway)) {
            connection.send(
                    "POST /mfa/factors/enrollable HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "0\r\n\r\n" + RawConnection.list("smuggled"));

            assertTrue(connection.response().startsWith("HTTP/1.1 4"));
            assertEquals(0, GenAuthStub.asked("smuggled").size());
        }
    }

    private static void assertNothingShows(String response) {
        for (String inside : new String[] {"\tat ", "Exception", "io.", "java.", "vertx", "Quarkus", "hostile"}) {
            assertFalse(response.contains(inside), response);
        }
    }
}
