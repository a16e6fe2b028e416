package io.github.mfagateway.http;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

/** What requests take of the bytes that all of them have together. */
class RequestBufferTest {

    private final ConnectionRegistry connections = new ConnectionRegistry(100, 1000);
    private final RequestValidator limits = new RequestValidator(300, 100);

    @Test
    void aRequestOfOneByteTakesOneByte() {
        List<RequestBuffer> all = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            RequestBuffer request = request();
            all.add(request);
            assertTrue(request.reserve(1, 0));
        }
        assertFalse(request().reserve(1, 0));

        all.get(0).end();
        assertTrue(request().reserve(1, 0));
    }

    @Test
    void bytesOfOneRequestAreCountedOnce() {
        RequestBuffer request = request();
        for (int received = 1; received <= 300; received++) {
            assertTrue(request.reserve(received, 0));
        }
        assertTrue(request().reserve(300, 0));
        assertTrue(request().reserve(300, 0));
        assertFalse(request().reserve(101, 0));
        assertTrue(request().reserve(100, 0));
    }

    @Test
    void theFramingOfAChunkedBodyIsFreeBecauseItIsNotKept() {
        assertTrue(request().reserve(1_000_000, 0));
        assertTrue(request().reserve(1_000_000, 0));
        assertTrue(request().reserve(200, 0));
        assertFalse(request().reserve(1, 0));
    }

    @Test
    void aCompleteRequestKeepsItsBytesUntilItsResponse() {
        RequestBuffer request = request();
        assertTrue(request.reserve(400, 0));
        request.takeBody();
        RequestBuffer other = request();
        assertTrue(other.reserve(400, 0));
        RequestBuffer third = request();
        assertFalse(third.reserve(400, 0));

        request.end();
        assertTrue(third.reserve(400, 0));
    }

    @Test
    void headersTakeMoreThanTheirCharacters() {
        BoundedHeaders headers = new BoundedHeaders();
        for (int i = 0; i < 5; i++) {
            headers.add("a", "b");
        }
        assertTrue(headers.heapBytes() >= 500);

        RequestBuffer request = request();
        assertTrue(request.reserve(20, headers.heapBytes()));
        assertFalse(request().reserve(400, 0));
        request.end();
        assertTrue(request().reserve(400, 0));
    }

    @Test
    void framingWithoutAnEndIsNoticed() {
        assertFalse(request().isEndless(3200));
        assertTrue(request().isEndless(3201));
    }

    private RequestBuffer request() {
        return new RequestBuffer(connections, limits);
    }
}
