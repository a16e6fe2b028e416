package io.github.mfagateway.http;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

/** What incomplete requests take of the bytes that all of them have together. */
class IncompleteRequestTest {

    private final ConnectionRegistry connections = new ConnectionRegistry(100, 1000);
    private final RequestValidator limits = new RequestValidator(300, 100);

    @Test
    void aRequestOfOneByteTakesOneByte() {
        List<IncompleteRequest> all = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            IncompleteRequest request = request();
            all.add(request);
            assertTrue(request.reserve(1));
        }
        assertFalse(request().reserve(1));

        all.get(0).end();
        assertTrue(request().reserve(1));
    }

    @Test
    void bytesOfOneRequestAreCountedOnce() {
        IncompleteRequest request = request();
        for (int received = 1; received <= 300; received++) {
            assertTrue(request.reserve(received));
        }
        assertTrue(request().reserve(300));
        assertTrue(request().reserve(300));
        assertFalse(request().reserve(101));
        assertTrue(request().reserve(100));
    }

    @Test
    void theFramingOfAChunkedBodyIsFreeBecauseItIsNotKept() {
        assertTrue(request().reserve(1_000_000));
        assertTrue(request().reserve(1_000_000));
        assertTrue(request().reserve(200));
        assertFalse(request().reserve(1));
    }

    @Test
    void aCompleteRequestKeepsItsBytesUntilItsResponse() {
        IncompleteRequest request = request();
        assertTrue(request.reserve(400));
        request.takeBody();
        IncompleteRequest other = request();
        assertTrue(other.reserve(400));
        IncompleteRequest third = request();
        assertFalse(third.reserve(400));

        request.end();
        assertTrue(third.reserve(400));
    }

    private IncompleteRequest request() {
        return new IncompleteRequest(connections, limits);
    }
}
