package io.github.mfagateway.http;

import static io.github.mfagateway.support.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mfagateway.support.GenAuthStub;
import io.github.mfagateway.support.RawConnection;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;

/** Several requests in one write: the next one is read only after the response to the one before. */
@QuarkusTest
@WithTestResource(GenAuthStub.class)
class SequentialRequestsTest {

    private static final String NOTHING_LEFT = "{\"statusCode\":200,\"data\":[]}";

    @TestHTTPResource("/")
    URL gateway;

    private final String slow = GenAuthStub.freshToken();
    private final String other = GenAuthStub.freshToken();

    @Test
    void nothingBehindARequestIsExecutedBeforeItsResponse() throws IOException {
        GenAuthStub.respond(slow, NOTHING_LEFT);
        GenAuthStub.respond(other, GenAuthStub.FOUR_TYPES);
        try (RawConnection connection = new RawConnection(gateway);
                GenAuthStub.Gate gate = GenAuthStub.hold(slow)) {
            connection.send(RawConnection.list(slow) + RawConnection.list(other));
            until("the first request is at GenAuth", gate::isAsked);
            assertEquals(List.of(), GenAuthStub.requests(other));

            gate.open();
            assertTrue(connection.response().endsWith("{\"factors\":[]}"));
            assertTrue(connection.response().contains("FACE"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET http://other/ HTTP/1.1", "GET /mfa//factors HTTP/1.1", "GET / HTTP/2.0", "garbage"})
    void whatFollowsARejectedRequestBehindASlowOneIsNeverExecuted(String line) throws IOException {
        GenAuthStub.respond(slow, NOTHING_LEFT);
        GenAuthStub.respond(other, "{\"statusCode\":200}");
        try (RawConnection connection = new RawConnection(gateway);
                GenAuthStub.Gate gate = GenAuthStub.hold(slow)) {
            connection.send(RawConnection.list(slow) + line + "\r\nHost: x\r\n\r\n"
                    + "DELETE /mfa/factors/634931036f1551730edd2bb3%7Cphone HTTP/1.1\r\nHost: x\r\n"
                    + "Authorization: Bearer " + other + "\r\n\r\n");
            until("the first request is at GenAuth", gate::isAsked);
            gate.open();

            assertTrue(connection.response().startsWith("HTTP/1.1 200 "));
            assertTrue(connection.response().matches("(?s)HTTP/1.1 (400|421|505) .*"));
            assertEquals("", connection.rest());
        }
        assertEquals(List.of(), GenAuthStub.requests(other));
    }

    /** 115 were enough to overflow a stack. */
    @Test
    void thousandsOfPipelinedRequestsAreServedInTheirOrder() throws IOException {
        GenAuthStub.respond(slow, NOTHING_LEFT);
        GenAuthStub.respond(other, GenAuthStub.FOUR_TYPES);
        int count = 3000;
        try (RawConnection connection = new RawConnection(gateway);
                GenAuthStub.Gate gate = GenAuthStub.hold(slow)) {
            connection.send(RawConnection.list(slow));
            until("the first request is at GenAuth", gate::isAsked);
            Thread sender = new Thread(() -> {
                try {
                    for (int i = 0; i < count / 2; i++) {
                        // every second one needs JAX-RS
                        connection.send(RawConnection.list(other)
                                + RawConnection.list(other)
                                        .replace("\r\n\r\n", "\r\nCache-Control: only-if-cached\r\n\r\n"));
                    }
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            sender.start();
            gate.open();
            assertTrue(connection.response().endsWith("{\"factors\":[]}"));
            for (int i = 0; i < count; i++) {
                String response = connection.response();
                assertTrue(response.startsWith("HTTP/1.1 200 "), i + ": " + response);
            }
        }
        assertEquals(1, GenAuthStub.requests(other).size());
    }

    /** Reading stopped while the first was in progress; it has to go on although nothing is left over. */
    @Test
    void aConnectionServesMoreAfterPipelinedMisses() throws IOException {
        try (RawConnection connection = new RawConnection(gateway)) {
            for (int i = 0; i < 5; i++) {
                String two = "";
                for (int j = 0; j < 2; j++) {
                    String miss = GenAuthStub.freshToken();
                    GenAuthStub.respond(
                            miss, GenAuthStub.json(200, NOTHING_LEFT).withFixedDelay(50));
                    two += RawConnection.list(miss);
                }
                connection.send(two);
                assertTrue(connection.response().endsWith("{\"factors\":[]}"));
                assertTrue(connection.response().endsWith("{\"factors\":[]}"));
            }
        }
    }

    @Test
    void aRequestInManySegmentsIsOneRequest() throws IOException {
        GenAuthStub.respond(other, GenAuthStub.FOUR_TYPES);
        String two = RawConnection.list(other) + RawConnection.list(other);
        try (RawConnection connection = new RawConnection(gateway)) {
            for (int i = 0; i < two.length(); i += 7) {
                connection.send(two.substring(i, Math.min(two.length(), i + 7)));
            }
            assertTrue(connection.response().startsWith("HTTP/1.1 200 "));
            assertTrue(connection.response().startsWith("HTTP/1.1 200 "));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1\r\nConnection: close", "HTTP/1.0", "HTTP/1.1\r\nConnection: foo, Close"})
    void aFirstRequestThatWantsTheConnectionClosedIsTheLast(String version) throws IOException {
        GenAuthStub.respond(other, GenAuthStub.FOUR_TYPES);
        String last = RawConnection.list(other).replace("HTTP/1.1", version);
        for (String before : List.of("", RawConnection.list(other))) {
            try (RawConnection connection = new RawConnection(gateway)) {
                connection.send(before + last + RawConnection.list(slow));
                for (int i = 0; i < (before.isEmpty() ? 1 : 2); i++) {
                    assertTrue(connection.response().contains(" 200 OK"));
                }
                assertEquals("", connection.rest());
            }
        }
        assertEquals(List.of(), GenAuthStub.requests(slow));
    }

    @Test
    void everyResponseHasADate() throws IOException {
        GenAuthStub.respond(other, GenAuthStub.FOUR_TYPES);
        try (RawConnection connection = new RawConnection(gateway)) {
            for (String request : List.of(
                    RawConnection.list(other),
                    RawConnection.list(other),
                    "GET /mfa/factors HTTP/1.1\r\nHost: x\r\n\r\n",
                    "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n",
                    "OPTIONS /mfa/factors HTTP/1.1\r\nHost: x\r\n\r\n",
                    "GET /q/openapi HTTP/1.1\r\nHost: x\r\n\r\n")) {
                String head = connection.send(request).response();
                assertTrue(
                        head.matches(
                                "(?s).*\r\nDate: [A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT\r\n.*"),
                        head);
            }
        }
    }
}
