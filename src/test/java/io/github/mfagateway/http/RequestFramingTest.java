package io.github.mfagateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mfagateway.support.GenAuthStub;
import io.github.mfagateway.support.RawConnection;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;

/** Requests whose end, host or target could be understood in two ways. What follows one in the same write is never executed. */
@QuarkusTest
@WithTestResource(GenAuthStub.class)
class RequestFramingTest {

    private static final String LIST = "/mfa/factors/enrollable";

    @TestHTTPResource("/")
    URL gateway;

    private final String token = GenAuthStub.freshToken();

    private String request(String method, String target, String... headers) {
        return method + " " + target + " HTTP/1.1\r\nAuthorization: Bearer " + token + "\r\n" + String.join("", headers)
                + "\r\n";
    }

    private void assertRejected(int status, String bytes) throws IOException {
        try (RawConnection connection = new RawConnection(gateway)) {
            String response = connection.send(bytes + RawConnection.list(token)).response();

            assertTrue(response.startsWith("HTTP/1.1 " + status + " "), response);
            assertTrue(response.contains("\r\nConnection: close\r\n"), response);
            assertTrue(response.contains("\r\nDate: "), response);
            boolean envelope = bytes.contains(" /api/v3/");
            assertTrue(
                    response.contains(
                            envelope ? "\r\n\r\n{\"statusCode\":" + status : "\r\n\r\n{\"type\":\"/problems/"),
                    response);
            assertEquals("", connection.rest());
        }
        assertEquals(List.of(), GenAuthStub.requests(token));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chunked, xchunked",
                "xchunked",
                "identity",
                "gzip, chunked",
                "chunked, chunked",
                "chunked,",
                ",chunked",
                "\"chunked\"",
                "chunked;q=1",
                "chunked\r\nTransfer-Encoding: chunked",
                "chunked\r\nTransfer-Encoding: identity",
                "identity\r\nTransfer-Encoding: chunked",
                "chunked\r\nContent-Length: 5"
            })
    void anyTransferEncodingButOneChunkedIsRejected(String coding) throws IOException {
        for (String method : List.of("GET", "POST")) {
            for (String target : List.of(LIST, "/mfa/factors", "/api/v3/enroll-factor")) {
                assertRejected(
                        400,
                        request(method, target, "Host: x\r\n", "Transfer-Encoding: " + coding + "\r\n") + "0\r\n\r\n");
            }
        }
    }

    @Test
    void chunkedInAnyCaseIsRead() throws IOException {
        try (RawConnection connection = new RawConnection(gateway)) {
            String response = connection
                    .send(request("POST", "/mfa/factors", "Host: x\r\n", "Transfer-Encoding: Chunked\r\n")
                            + "2;x=y\r\n{}\r\n0\r\nX-Trailer: z\r\n\r\n")
                    .response();
            assertTrue(response.endsWith("factorType is required\"}"), response);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Host: x\r\nHost: x\r\n",
                "Host: x\r\nhost: y\r\n",
                "Host: \r\n",
                "Host: a b\r\n",
                "Host: a/b\r\n",
                "Host: user@a\r\n",
                "Host: a:\r\n",
                "Host: a:65536\r\n",
                "Host: a:-1\r\n",
                "Host: a:80:80\r\n",
                "Host: [::1\r\n",
                "Host: a,b\r\n"
            })
    void anyHostButOneIsRejectedOnEveryPath(String host) throws IOException {
        for (String target : List.of(LIST, "/mfa/factors/x", "/q/openapi", "/", "/api/v3/get-factor?factorId=secret")) {
            assertRejected(400, request("GET", target, host));
        }
    }

    /** The second request would be served from the cache. */
    @Test
    void theHostOfACacheHitIsValidatedToo() throws IOException {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        try (RawConnection connection = new RawConnection(gateway)) {
            for (int i = 0; i < 2; i++) {
                assertTrue(connection.send(RawConnection.list(token)).response().startsWith("HTTP/1.1 200 "));
            }
            String response = connection.send(request("GET", LIST)).response();
            assertTrue(response.startsWith("HTTP/1.1 400 "), response);
            assertEquals("", connection.rest());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "x:80",
                "10.0.0.1:8080",
                "[::1]:8080",
                "[fd00::1]",
                "mfa-gateway.mfa.svc.cluster.local:80",
                "a_b"
            })
    void aHostWithOrWithoutPortIsServed(String host) throws IOException {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        try (RawConnection connection = new RawConnection(gateway)) {
            for (int i = 0; i < 2; i++) {
                String response = connection
                        .send(request("GET", LIST, "Host: " + host + "\r\n"))
                        .response();
                assertTrue(response.startsWith("HTTP/1.1 200 "), response);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "\u000b", " ", "\t", "\u0080", "\r\n ", "\r\n\0", "\u001f"})
    void whatIsNoMethodBeforeTheRequestLineIsRejected(String before) throws IOException {
        assertRejected(400, before + request("GET", LIST, "Host: x\r\n"));
    }

    @Test
    void emptyLinesBeforeTheRequestLineAreIgnored() throws IOException {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        try (RawConnection connection = new RawConnection(gateway)) {
            for (int i = 0; i < 3; i++) {
                String response =
                        connection.send("\r\n" + RawConnection.list(token)).response();
                assertTrue(response.startsWith("HTTP/1.1 200 "), response);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PRI * HTTP/2.0, 505",
        "GET /mfa/factors/enrollable HTTP/1.2, 505",
        "GET /mfa/factors/enrollable HTTP/3.0, 505",
        "GET /mfa/factors/enrollable XTTP/1.1, 400",
        "GET /mfa/factors/enrollable, 400",
        "GET http://other/ HTTP/1.1, 421",
        "CONNECT other:443 HTTP/1.1, 421",
        "OPTIONS * HTTP/1.1, 421"
    })
    void aRequestLineThatIsNotForUsIsRejected(String line, int status) throws IOException {
        assertRejected(status, line + "\r\nHost: x\r\n\r\n");
    }

    @Test
    void http2WithPriorKnowledgeIsRejected() throws IOException {
        assertRejected(505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "}", "^", "\"", "<", ">", "[", "]", "\\", "`", "%zz", "%6", "%", "\u0080", "#"})
    void whatNoTargetMayHoldIsRejectedWithABody(String character) throws IOException {
        assertRejected(400, request("GET", "/mfa/factors/a" + character, "Host: x\r\n"));
        assertRejected(400, request("GET", "/mfa/factors/a?b=" + character, "Host: x\r\n"));
        assertRejected(400, request("GET", "/api/v3/get-factor?factorId=" + character, "Host: x\r\n"));
    }

    /** As two official SDKs, OkHttp, fetch and curl send a factor's id. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/mfa/factors/abc|phone",
                "/api/v3/get-factor?factorId=abc|phone",
                "/api/v3/get-factor?factorId=abc|phone&"
            })
    void aRawBarInATargetIsAnEscapedOne(String target) throws IOException {
        GenAuthStub.respond(token, """
                {"statusCode":200,"data":{"factorId":"abc|phone","factorType":"SMS","profile":{}}}""");
        try (RawConnection connection = new RawConnection(gateway)) {
            String response =
                    connection.send(request("GET", target, "Host: x\r\n")).response();
            assertTrue(response.startsWith("HTTP/1.1 200 "), response);
        }
        assertEquals(
                List.of("/api/v3/get-factor?factorId=abc%7Cphone"),
                GenAuthStub.requests(token).stream()
                        .map(asked -> asked.getUrl())
                        .toList());
    }

    @Test
    void anEarlyRejectionOfAnExpectationClosesTheConnection() throws IOException {
        String length = "Content-Type: application/json\r\nContent-Length: ";
        String expect = "\r\nExpect: 100-continue\r\n";
        assertRejected(413, request("POST", "/mfa/factors", "Host: x\r\n", length + "16385" + expect));
        assertRejected(400, request("POST", "/mfa/factors", length + "10" + expect));
        assertRejected(417, request("POST", "/mfa/factors", "Host: x\r\n", length + "10\r\nExpect: a-pony\r\n"));
    }

    @Test
    void anExpectationIsRejectedWithoutABodyToo() throws IOException {
        assertRejected(417, request("GET", "/mfa/factors", "Host: x\r\n", "Expect: a-pony\r\n"));
    }

    /** Netty would read 8 bytes of the next request as its body. */
    @Test
    void aHundredHeadersAreReadAndMoreAreRejected() throws IOException {
        String head = "GET /mfa/factors/enrollable HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer t\r\n";
        try (RawConnection connection = new RawConnection(gateway)) {
            String response =
                    connection.send(head + "a:b\r\n".repeat(98) + "\r\n").response();
            assertFalse(response.startsWith("HTTP/1.1 431 "), response);
        }
        assertRejected(431, head + "a:b\r\n".repeat(99) + "\r\n");
    }

    @Test
    void moreThanAHundredTrailersAreRejected() throws IOException {
        assertRejected(
                400,
                "POST /mfa/factors HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
                        + "a:b\r\n".repeat(101) + "\r\n");
    }

    @Test
    void emptyLinesWithoutAnEndAreRejected() throws IOException {
        assertRejected(400, "\r\n".repeat(600) + "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    }

    @Test
    void chunkExtensionsWithoutAnEndAreRejected() throws IOException {
        String chunk = "1;" + "e".repeat(3000) + "\r\nx\r\n";
        assertRejected(
                400, "POST /mfa/factors HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk.repeat(100));
    }

    @Test
    void aRequestOfAnOldWebSocketDraftIsRejected() throws IOException {
        assertRejected(
                400,
                request("GET", "/mfa/factors", "Host: x\r\n", "Sec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2\r\n"));
    }

    @Test
    void aCompressedBodyIsRejected() throws IOException {
        assertRejected(
                415,
                request("POST", "/mfa/factors", "Host: x\r\n", "Content-Encoding: gzip\r\nContent-Length: 2\r\n")
                        + "{}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\n", "-1\r\n", "\r\n", "2\r\nabc\r\n", "1000000000\r\n"})
    void aMalformedChunkIsRejected(String chunk) throws IOException {
        assertRejected(400, request("POST", "/mfa/factors", "Host: x\r\n", "Transfer-Encoding: chunked\r\n") + chunk);
    }

    @Test
    void theLastRejectionOfManyIsLikeTheFirst() throws IOException {
        List<RawConnection> open = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                RawConnection connection = new RawConnection(gateway);
                open.add(connection.send(request("GET", LIST)));
            }
            for (RawConnection connection : open) {
                assertTrue(connection.response().startsWith("HTTP/1.1 400 "));
                assertFalse(connection.rest().contains("HTTP"));
            }
        } finally {
            for (RawConnection connection : open) {
                connection.close();
            }
        }
    }
}
