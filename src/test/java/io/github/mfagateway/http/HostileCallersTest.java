package io.github.mfagateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.URL;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.mfagateway.support.GenAuthStub;
import io.github.mfagateway.support.RawConnection;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;

/** Any bytes get a 4xx or a closed connection. GenAuth never receives them, and no response shows internals. */
@QuarkusTest
@WithTestResource(GenAuthStub.class)
public class HostileCallersTest {

    private static final String AUTHORIZATION = "Authorization: Bearer hostile\r\n";

    @TestHTTPResource("/")
    URL gateway;

    public static Stream<Arguments> requests() {
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
                        "413"),
                arguments(
                        "Content-Length and Transfer-Encoding",
                        "POST /mfa/factors/enrollable HTTP/1.1\r\nHost: x\r\n" + AUTHORIZATION
                                + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        "400"),
                arguments(
                        "two Content-Lengths",
                        "POST /mfa/factors/enrollable HTTP/1.1\r\nHost: x\r\n" + AUTHORIZATION
                                + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
                        "400"),
                arguments("a folded header", list + "X-Folded: a\r\n b\r\nAuthorization : Bearer other\r\n\r\n", "400"),
                arguments(
                        "an absolute address elsewhere",
                        list.replace(
                                        "GET /mfa/factors/enrollable",
                                        "GET http://genauth.example/api/v3/list-factors-to-enroll")
                                + "\r\n",
                        "421"));
    }

    static Stream<Arguments> plainRequests() {
        String list = "GET /mfa/factors/enrollable HTTP/1.1\r\nHost: x\r\n" + AUTHORIZATION + "\r\n";
        return Stream.of(
                arguments("half an escape", list.replace("enrollable", "%6"), "400"),
                arguments("no escape", list.replace("enrollable", "%zz"), "400"),
                arguments("a backslash", list.replace("factors/", "factors\\"), "400"),
                arguments("CONNECT", list.replace("GET /mfa/factors/enrollable", "CONNECT genauth.example:443"), "421"),
                arguments("TRACE", list.replace("GET ", "TRACE "), "405"),
                arguments("an unknown method", list.replace("GET ", "BREW "), "405"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void aHostileRequestIsRejectedAndWhatFollowsIsNotRead(String what, String bytes, String status) throws Exception {
        int before = GenAuthStub.requestCount();
        try (RawConnection connection = new RawConnection(gateway)) {
            String response =
                    connection.send(bytes + RawConnection.list("smuggled")).response();

            assertTrue(
                    response.startsWith("HTTP/1.1 " + status + " ") || response.startsWith("HTTP/1.0 " + status + " "),
                    response);
            assertNothingShows(response);
            assertEquals("", connection.rest());
        }
        assertEquals(before, GenAuthStub.requestCount());
    }

    /** Its end is unambiguous, so what follows is another request. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("plainRequests")
    void aRejectedRequestGoesNoFurther(String what, String bytes, String status) throws Exception {
        int before = GenAuthStub.requestCount();
        try (RawConnection connection = new RawConnection(gateway)) {
            String response = connection.send(bytes).response();

            assertTrue(response.startsWith("HTTP/1.1 " + status + " "), response);
            assertNothingShows(response);
        }
        assertEquals(before, GenAuthStub.requestCount());
    }

    private static void assertNothingShows(String response) {
        for (String inside : new String[] {"\tat ", "Exception", "io.", "java.", "vertx", "Quarkus", "hostile"}) {
            assertFalse(response.contains(inside), response);
        }
    }
}
