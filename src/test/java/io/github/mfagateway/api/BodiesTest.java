package io.github.mfagateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;

import io.github.mfagateway.support.GenAuthStub;
import io.github.mfagateway.support.RawConnection;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;

/** Bodies that stop, come in chunks, or do not end. */
@QuarkusTest
@WithTestResource(GenAuthStub.class)
class BodiesTest {

    private static final String AUTHORIZATION = "Authorization: Bearer hostile\r\n";

    @Inject
    CircuitBreakerMaintenance breakers;

    @TestHTTPResource("/")
    URL gateway;

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
            GenAuthStub.respond(asking, GenAuthStub.FOUR_TYPES);
            try (RawConnection other = new RawConnection(gateway)) {
                String response = other.send(RawConnection.list(asking)).response();
                assertTrue(response.startsWith("HTTP/1.1 200 "), response);
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
                String response = connection.send(body).response();
                assertTrue(response.startsWith("HTTP/1.1 400 "), response);
                assertTrue(response.contains("phoneNumber"), response);
            }
        }
    }

    /** A length that is not said shows only when it has come. */
    @Test
    void aChunkedBodyThatGrowsTooLongGets413() throws IOException {
        try (RawConnection connection = new RawConnection(gateway)) {
            connection.send("POST /mfa/factors HTTP/1.1\r\nHost: gateway\r\n" + AUTHORIZATION
                    + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
            String chunk = "1000\r\n" + " ".repeat(0x1000) + "\r\n";
            connection.send(chunk.repeat(5) + "0\r\n\r\n");

            String response = connection.response();
            assertTrue(response.startsWith("HTTP/1.1 413 "), response);
            assertTrue(response.contains("/problems/content-too-large"), response);
            assertEquals("", connection.rest());
        }
        assertEquals(0, GenAuthStub.requests("hostile").size());
    }
}
