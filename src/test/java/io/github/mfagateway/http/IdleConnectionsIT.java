package io.github.mfagateway.http;

import static io.github.mfagateway.support.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.mfagateway.support.RawConnection;
import io.github.mfagateway.support.SandboxAndGateway;

/** How long a connection may be idle or a request incomplete, and how many connections there may be. */
class IdleConnectionsIT {

    private static final String HEAD = "GET /mfa/factors/enrollable HTTP/1.1\r\nHost: x\r\nX-Slow: ";
    private static final String POST = "POST /mfa/factors HTTP/1.1\r\nHost: x\r\nContent-Length: 10000\r\n\r\n";
    private static final String CHUNKED =
            "POST /mfa/factors HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2000\r\n";

    private final ScheduledExecutorService dribble = Executors.newSingleThreadScheduledExecutor();
    private SandboxAndGateway running;

    private void start(Map<String, String> settings) throws Exception {
        Map<String, String> all = new HashMap<>(settings);
        // a first call loads classes
        all.put("GENAUTH_DEADLINE", "20s");
        running = new SandboxAndGateway(all);
        try (RawConnection first = open()) {
            assertServed(first);
        }
    }

    @AfterEach
    void stop() throws Exception {
        dribble.shutdownNow();
        if (running != null) {
            running.close();
        }
    }

    @Test
    void anIncompleteRequestGets408WhetherItsBytesStopOrDribble() throws Exception {
        start(Map.of("MFA_HTTP_REQUEST_TIMEOUT", "2s"));
        List<RawConnection> slow = new ArrayList<>();
        try {
            for (String start : List.of(HEAD, POST, CHUNKED, "G")) {
                slow.add(open().send(start));
                slow.add(open().send(start));
            }
            // every second one goes on
            dribble.scheduleAtFixedRate(() -> dribble(slow), 0, 200, TimeUnit.MILLISECONDS);
            try (RawConnection other = open()) {
                assertServed(other);
            }
            long start = System.nanoTime();
            for (RawConnection connection : slow) {
                String response = connection.response();
                assertTrue(response.startsWith("HTTP/1.1 408 "), response);
                assertTrue(response.contains("/problems/request-timeout"), response);
                assertEquals("", connection.rest());
            }
            assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(8));
        } finally {
            for (RawConnection connection : slow) {
                connection.close();
            }
        }
        assertFalse(
                running.gateway().output().contains("\tat "), running.gateway().output());
    }

    @Test
    void anIdleConnectionIsClosedAndARequestInProgressIsNot() throws Exception {
        start(Map.of("QUARKUS_HTTP_IDLE_TIMEOUT", "1s"));
        running.sandbox("http=200&delay=2400");
        try (RawConnection idle = open();
                RawConnection waiting = open()) {
            waiting.send(RawConnection.list(UUID.randomUUID().toString()));
            assertEquals("", idle.rest());

            assertTrue(waiting.response().startsWith("HTTP/1.1 200 "));
            assertEquals("", waiting.rest());
        }
    }

    @Test
    void aFullGatewayClosesTheConnectionThatIsIdleForTheLongestTime() throws Exception {
        start(Map.of("QUARKUS_HTTP_LIMITS_MAX_CONNECTIONS", "20"));
        List<RawConnection> open = new ArrayList<>();
        try {
            for (int i = 0; i < 18; i++) {
                open.add(open());
                assertServed(open.get(i));
            }
            // the first is not the longest idle one any more
            assertServed(open.get(0));
            for (int i = 0; i < 5; i++) {
                RawConnection newcomer = open();
                assertServed(newcomer);
                open.add(newcomer);
            }
            for (int i = 1; i < 6; i++) {
                assertEquals("", open.get(i).rest());
            }
            assertServed(open.get(0));
            for (int i = 6; i < open.size(); i++) {
                assertServed(open.get(i));
            }
        } finally {
            for (RawConnection connection : open) {
                connection.close();
            }
        }
        until("there is room again", this::isServed);
    }

    /** No connection is idle, so that there is none to close. */
    @Test
    void connectionsWithRequestsAreNotClosedForNewOnes() throws Exception {
        start(Map.of("QUARKUS_HTTP_LIMITS_MAX_CONNECTIONS", "20", "MFA_HTTP_REQUEST_TIMEOUT", "60s"));
        List<RawConnection> open = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                RawConnection connection = open();
                open.add(connection);
                // so that it has its place before the next one comes
                assertServed(connection);
                connection.send(HEAD);
            }
            try (RawConnection oneTooMany = open()) {
                assertEquals(
                        "", oneTooMany.sendIfOpen(RawConnection.list("alice")).rest());
            }
            for (RawConnection connection : open) {
                assertTrue(connection
                        .send("\r\nAuthorization: Bearer alice\r\n\r\n")
                        .response()
                        .startsWith("HTTP/1.1 200 "));
            }
        } finally {
            for (RawConnection connection : open) {
                connection.close();
            }
        }
    }

    private RawConnection open() throws IOException {
        return new RawConnection(running.url());
    }

    private static void assertServed(RawConnection connection) throws IOException {
        String response = connection.send(RawConnection.list("alice")).response();
        assertTrue(response.startsWith("HTTP/1.1 200 "), response);
    }

    private boolean isServed() {
        try (RawConnection connection = open()) {
            return connection.sendIfOpen(RawConnection.list("alice")).response().startsWith("HTTP/1.1 200 ");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void dribble(List<RawConnection> connections) {
        for (int i = 1; i < connections.size(); i += 2) {
            try {
                connections.get(i).send("x");
            } catch (IOException closed) {
                // as it should be
            }
        }
    }
}
