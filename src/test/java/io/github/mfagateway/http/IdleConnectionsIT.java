package io.github.mfagateway.http;

import static io.github.mfagateway.support.Until.until;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
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
    private static final String EXPECTING =
            "POST /mfa/factors HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n";
    private static final String CHUNKED =
            "POST /mfa/factors HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2000\r\n";

    private final ScheduledExecutorService dribble = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService readers = Executors.newCachedThreadPool();
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
        readers.shutdownNow();
        if (running != null) {
            running.close();
        }
    }

    @Test
    void anBufferedRequestGets408WhetherItsBytesStopOrDribble() throws Exception {
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
            assertEquals(5, metric("mfa_connections_evicted_total"));
        } finally {
            for (RawConnection connection : open) {
                connection.close();
            }
        }
        until("there is room again", this::isServed);
    }

    @Test
    void theBytesOfBufferedRequestsAreBoundedInAll() throws Exception {
        start(Map.of("MFA_HTTP_MAX_BUFFERED_BYTES", "64K", "MFA_HTTP_REQUEST_TIMEOUT", "60s"));
        String body = POST + "x".repeat(9_000);
        List<RawConnection> open = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                open.add(open().send(body));
            }
            assertRejected(open);

            // whole requests need none of these bytes
            try (RawConnection other = open()) {
                assertServed(other);
                assertServed(other.send(POST + "x".repeat(10_000)), "HTTP/1.1 ");
            }
        } finally {
            for (RawConnection connection : open) {
                connection.close();
            }
        }
    }

    @Test
    void aCallerThatDoesNotReadIsNotReadFromAndIsClosed() throws Exception {
        start(Map.of("MFA_HTTP_REQUEST_TIMEOUT", "2s"));
        byte[] requests = RawConnection.list("alice").repeat(100).getBytes(StandardCharsets.ISO_8859_1);
        try (Socket caller = new Socket()) {
            // or the systems' buffers hold megabytes
            caller.setReceiveBufferSize(4096);
            caller.connect(
                    new InetSocketAddress(running.url().getHost(), running.url().getPort()));
            long sent = 0;
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            try {
                while (System.nanoTime() < end) {
                    caller.getOutputStream().write(requests);
                    sent += requests.length;
                }
            } catch (IOException closed) {
                // after the system's buffers were full for two seconds
            }
            assertTrue(System.nanoTime() < end, "still open after " + sent + " bytes");
        }
    }

    @Test
    void aFullGatewayWithoutIdleConnectionsRejectsTheOldestBufferedRequest() throws Exception {
        start(Map.of("QUARKUS_HTTP_LIMITS_MAX_CONNECTIONS", "20", "MFA_HTTP_REQUEST_TIMEOUT", "60s"));
        List<RawConnection> open = new ArrayList<>();
        try {
            for (int i = 0; i < 18; i++) {
                RawConnection connection = open();
                open.add(connection);
                // the interim response shows that the gateway has read the head
                assertServed(connection.send(EXPECTING), "HTTP/1.1 100 ");
            }
            RawConnection newcomer = open();
            open.add(newcomer);
            assertServed(newcomer);
            assertRejected(open.subList(0, 18));
        } finally {
            for (RawConnection connection : open) {
                connection.close();
            }
        }
    }

    @Test
    void aConnectionThatIsBeingClosedGoesBeforeIdleOnes() throws Exception {
        start(Map.of("QUARKUS_HTTP_LIMITS_MAX_CONNECTIONS", "20"));
        List<RawConnection> open = new ArrayList<>();
        try {
            for (int i = 0; i < 18; i++) {
                open.add(open());
                assertServed(open.get(i));
            }
            // it lingers, and its last response is the oldest
            assertServed(open.get(0).send("GET http://other/ HTTP/1.1\r\nHost: x\r\n\r\n"), "HTTP/1.1 421 ");
            for (int i = 0; i < 5; i++) {
                RawConnection newcomer = open();
                open.add(newcomer);
                assertServed(newcomer);
            }
            // the first newcomer took the place of the one that lingered, the others those of idle ones
            for (int i = 1; i < 5; i++) {
                assertEquals("", open.get(i).rest());
            }
            for (int i = 5; i < open.size(); i++) {
                assertServed(open.get(i));
            }
        } finally {
            for (RawConnection connection : open) {
                connection.close();
            }
        }
    }

    @Test
    void bytesThatWaitedBehindAResponseAreCounted() throws Exception {
        start(Map.of("MFA_HTTP_MAX_BUFFERED_BYTES", "64K", "MFA_HTTP_REQUEST_TIMEOUT", "60s"));
        List<RawConnection> open = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                RawConnection connection = open();
                open.add(connection);
                assertServed(connection);
                // so that one read brings all of the next bytes
                assertServed(connection);
                assertServed(connection.send(RawConnection.list("alice") + POST + "x".repeat(3_500)), "HTTP/1.1 200 ");
            }
            assertRejected(open);
        } finally {
            for (RawConnection connection : open) {
                connection.close();
            }
        }
    }

    /** None is idle or incomplete. */
    @Test
    void requestsThatAreBeingServedAreNotCutForNewConnections() throws Exception {
        start(Map.of("QUARKUS_HTTP_LIMITS_MAX_CONNECTIONS", "20"));
        List<RawConnection> open = new ArrayList<>();
        try {
            running.sandbox("http=200&delay=5000");
            for (int i = 0; i < 20; i++) {
                RawConnection connection = open();
                open.add(connection);
                // so that it has its place before the next one comes
                assertServed(connection);
                connection.send(RawConnection.list(UUID.randomUUID().toString()));
            }
            try (RawConnection oneTooMany = open()) {
                assertEquals(
                        "", oneTooMany.sendIfOpen(RawConnection.list("alice")).rest());
            }
            assertEquals(1, metric("mfa_connections_rejected_total"));
            for (RawConnection connection : open) {
                assertServed(connection, "HTTP/1.1 200 ");
            }
        } finally {
            for (RawConnection connection : open) {
                connection.close();
            }
        }
    }

    private double metric(String name) throws IOException {
        return given().get(running.gateway().managementUrl() + "/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.split(" ")[1]))
                .findFirst()
                .orElseThrow();
    }

    /** One of them is; it depends on the order in which they are read. */
    private void assertRejected(List<RawConnection> connections) throws Exception {
        Object first = CompletableFuture.anyOf(connections.stream()
                        .map(connection -> CompletableFuture.supplyAsync(() -> responseOf(connection), readers))
                        .toArray(CompletableFuture[]::new))
                .get(20, TimeUnit.SECONDS);
        String response = first.toString();
        assertTrue(response.startsWith("HTTP/1.1 503 "), response);
        assertTrue(response.contains("/problems/overloaded"), response);
        assertTrue(response.contains("\r\nRetry-After: 1\r\n"), response);
    }

    private static String responseOf(RawConnection connection) {
        try {
            return connection.response();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RawConnection open() throws IOException {
        return new RawConnection(running.url());
    }

    private static void assertServed(RawConnection connection) throws IOException {
        assertServed(connection.send(RawConnection.list("alice")), "HTTP/1.1 200 ");
    }

    private static void assertServed(RawConnection connection, String status) throws IOException {
        String response = connection.response();
        assertTrue(response.startsWith(status), response);
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
