package io.github.mfagateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.inject.Inject;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mfagateway.support.GenAuthStub;
import io.github.mfagateway.support.RawConnection;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;

/**
 * The two paths of a cache hit: the fast one is used from a connection's second request on, and leaves
 * {@code only-if-cached} to the REST layer.
 */
@QuarkusTest
@WithTestResource(GenAuthStub.class)
class CacheHitHandlerTest {

    private static final String FOUR = "{\"factors\":[{\"factorType\":\"OTP\"},{\"factorType\":\"SMS\"},"
            + "{\"factorType\":\"EMAIL\"},{\"factorType\":\"FACE\"}]}";

    @TestHTTPResource
    URL gateway;

    @Inject
    CircuitBreakerMaintenance breakers;

    private final String token = GenAuthStub.freshToken();

    @BeforeEach
    void closeBreakers() {
        breakers.resetAll();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "If-None-Match: %s\r\n",
                "If-None-Match: \"another\", W/%s\r\n",
                "If-None-Match: \"another\"\r\n",
                "Accept: application/json\r\n",
                "Accept: text/html, */*;q=0.1\r\n"
            })
    void bothPathsRespondTheSame(String condition) throws IOException {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        try (RawConnection connection = new RawConnection(gateway)) {
            String ifNoneMatch = condition.formatted(etag(ask(connection, "")));
            String fast = ask(connection, ifNoneMatch);
            String rest = ask(connection, ifNoneMatch + "Cache-Control: only-if-cached\r\n");

            assertTrue(fast.contains("; hit; ttl="), fast);
            assertEquals(lines(rest), lines(fast));
        }
    }

    @Test
    void aCallerWhoCannotReadJsonGets406WithAndWithoutACachedResponse() throws IOException {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        try (RawConnection connection = new RawConnection(gateway)) {
            String before = ask(connection, "Accept: text/html\r\n");
            ask(connection, "");
            String after = ask(connection, "Accept: text/html\r\n");

            assertTrue(before.startsWith("HTTP/1.1 406 "), before);
            assertEquals(lines(before), lines(after));
        }
    }

    /** Vert.x begins a head with the length. */
    @Test
    void theShortWayIsTakenFromTheSecondRequestOn() throws IOException {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        try (RawConnection connection = new RawConnection(gateway)) {
            assertTrue(ask(connection, "").startsWith("HTTP/1.1 200 OK\r\ncontent-length: "));
            assertTrue(ask(connection, "").startsWith("HTTP/1.1 200 OK\r\nContent-Type: "));
        }
    }

    @Test
    void responsesOfBothPathsComeInTheOrderOfTheirRequests() throws IOException {
        String slow = GenAuthStub.freshToken();
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        GenAuthStub.respond(
                slow, GenAuthStub.json(200, "{\"statusCode\":200,\"data\":[]}").withFixedDelay(300));
        try (RawConnection connection = new RawConnection(gateway)) {
            ask(connection, "");
            String known = RawConnection.list(token);
            connection.send(known + known + RawConnection.list(slow) + known + known);

            assertTrue(connection.response().endsWith(FOUR));
            assertTrue(connection.response().endsWith(FOUR));
            assertTrue(connection.response().endsWith("{\"factors\":[]}"));
            assertTrue(connection.response().endsWith(FOUR));
            assertTrue(connection.response().endsWith(FOUR));
            assertTrue(ask(connection, "").endsWith(FOUR));
        }
    }

    @Test
    void nothingIsServedAfterConnectionClose() throws IOException {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        try (RawConnection connection = new RawConnection(gateway)) {
            ask(connection, "");
            connection.send(head("Connection: close\r\n") + RawConnection.list(token));

            assertTrue(connection.response().endsWith(FOUR));
            assertEquals("", connection.rest());
        }
    }

    @Test
    void aTokenOnAnothersConnectionGetsItsOwnResponse() throws IOException {
        String other = GenAuthStub.freshToken();
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        GenAuthStub.respond(other, "{\"statusCode\":200,\"data\":[]}");
        try (RawConnection connection = new RawConnection(gateway)) {
            for (int i = 0; i < 3; i++) {
                assertTrue(ask(connection, "").endsWith(FOUR));
                assertTrue(connection.send(RawConnection.list(other)).response().endsWith("{\"factors\":[]}"));
            }
        }
    }

    /** The short way does not look whether it is a token. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer ",
                "Bearer %s,",
                "Bearer  %s,",
                "Bearer %s %s",
                "Basic %s",
                "%s",
                "Bearer\t%s",
                "Bearer \t%s"
            })
    void aMalformedTokenGets400BesideACachedOne(String header) throws IOException {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        String no = RawConnection.list(token).replace("Bearer " + token, header.replace("%s", token));
        try (RawConnection connection = new RawConnection(gateway)) {
            ask(connection, "");
            String known = ask(connection, "");
            String refused = connection.send(no).response();

            assertTrue(known.startsWith("HTTP/1.1 200 OK\r\nContent-Type: "), known);
            assertTrue(refused.startsWith("HTTP/1.1 401 ") || refused.startsWith("HTTP/1.1 400 "), refused);
        }
        assertEquals(1, GenAuthStub.requests(token).size());
    }

    /** The short way digests what the header holds. */
    @Test
    void severalSpacesBeforeTheTokenAreOneOnBothWays() throws IOException {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        String spaces = head("").replace("Bearer ", "Bearer    ");
        try (RawConnection connection = new RawConnection(gateway)) {
            assertTrue(connection.send(spaces).response().endsWith(FOUR));
            String fast = connection.send(spaces).response();

            assertTrue(fast.startsWith("HTTP/1.1 200 OK\r\nContent-Type: "), fast);
            assertEquals(lines(ask(connection, "")), lines(fast));
        }
        assertEquals(1, GenAuthStub.requests(token).size());
    }

    @Test
    void anUnneededBodyIsDiscarded() throws IOException {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        try (RawConnection connection = new RawConnection(gateway)) {
            ask(connection, "");
            for (int i = 0; i < 3; i++) {
                connection.send(head("Content-Length: 16000\r\n") + "x".repeat(16_000));
                assertTrue(connection.response().startsWith("HTTP/1.1 200 "));
            }
            assertTrue(ask(connection, "").startsWith("HTTP/1.1 200 "));
        }
        assertEquals(1, GenAuthStub.requests(token).size());
    }

    private String ask(RawConnection connection, String headers) throws IOException {
        return connection.send(head(headers)).response();
    }

    private String head(String headers) {
        return RawConnection.list(token).replace("\r\n\r\n", "\r\n" + headers + "\r\n");
    }

    private static String etag(String response) {
        Matcher etag = Pattern.compile("ETag: (\\S+)").matcher(response);
        assertTrue(etag.find(), response);
        return etag.group(1);
    }

    /** Without what time changes, and in any order. */
    private static Set<String> lines(String response) {
        return Set.of(response.replaceAll("(ttl=|Age: |Date: )[^;\r\n]+", "$1").split("\r\n"));
    }
}
