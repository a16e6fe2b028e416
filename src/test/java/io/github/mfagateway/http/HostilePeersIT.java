package io.github.mfagateway.http;

import static io.github.mfagateway.support.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.mfagateway.support.RawConnection;
import io.github.mfagateway.support.SandboxAndGateway;

/**
 * Callers without a valid token who want to end the process, against the deployment's heap. Known callers are served
 * throughout, every event loop responds, and later waves need no more memory than earlier ones.
 */
class HostilePeersIT {

    private static final int OF_EACH_KIND = 50;
    private static final String HOST = "Host: x\r\nAuthorization: Bearer ";
    private static final String LIST = "GET /mfa/factors/enrollable HTTP/1.1\r\n" + HOST;
    private static final String POST =
            "POST /mfa/factors HTTP/1.1\r\n" + HOST + "no token\r\nContent-Type: application/json\r\nContent-Length: ";

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger names = new AtomicInteger();
    private SandboxAndGateway running;

    @BeforeEach
    void start() throws Exception {
        running = new SandboxAndGateway(
                // a first call loads classes
                Map.of(
                        "MFA_HTTP_REQUEST_TIMEOUT",
                        "3s",
                        "GENAUTH_DEADLINE",
                        "5s",
                        // so that eight connections reach all
                        "QUARKUS_VERTX_EVENT_LOOPS_POOL_SIZE",
                        "2"),
                List.of("-Xmx64m"));
        serve(running.url(), RawConnection.list("known"), 32);
    }

    @AfterEach
    void stop() throws Exception {
        threads.shutdownNow();
        running.close();
    }

    private interface Attack {
        void on(Socket connection) throws IOException;
    }

    private List<Attack> attacks() {
        String header = "X-Padding: " + "x".repeat(4000) + "\r\n\r\n";
        return List.of(
                // pipelined requests of 4 KB behind a slow miss
                connection -> {
                    write(connection, LIST + "slow" + names.incrementAndGet() + "\r\n\r\n");
                    flood(connection, LIST + "known\r\n" + header, 200);
                },
                // many small ones
                connection -> {
                    write(connection, LIST + "slow" + names.incrementAndGet() + "\r\n\r\n");
                    flood(connection, (LIST + "known\r\n\r\n").repeat(50), 200);
                },
                // responses that are never read
                connection -> flood(connection, (LIST + "known\r\n\r\n").repeat(50), 400),
                // bodies, one after the other
                connection -> flood(connection, POST + "16000\r\n\r\n" + "x".repeat(16_000), 30),
                connection -> flood(connection, (POST + "2\r\n\r\n{}").repeat(50), 4),
                // unfinished bodies and heads
                connection -> write(connection, POST + "16000\r\n\r\n" + "x".repeat(15_900)),
                connection -> write(
                        connection, LIST + "known\r\n" + header.stripTrailing().repeat(2)),
                connection -> write(
                        connection,
                        "POST /mfa/factors HTTP/1.1\r\n" + HOST + "x\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + "1\r\nx\r\n".repeat(15_000)),
                // many small headers, and requests with some that wait for one slow load
                connection -> write(connection, LIST + "known\r\n" + "a:b\r\n".repeat(2380)),
                connection -> write(connection, LIST + "slow\r\n" + "a:b\r\n".repeat(90) + "\r\n"),
                // many that JAX-RS rejects
                connection -> flood(connection, ("GET /mfa/factors HTTP/1.1\r\nHost: x\r\n\r\n").repeat(250), 20),
                // ambiguous framing
                connection ->
                        write(connection, "POST / HTTP/1.1\r\n" + HOST + "x\r\nTransfer-Encoding: xchunked\r\n\r\n"),
                connection -> write(connection, "GET /mfa/factors/secret HTTP/1.1\r\n\r\n"),
                connection -> write(connection, "\0" + LIST + "known\r\n\r\n"),
                connection -> write(connection, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                // what follows a rejected request
                connection -> flood(connection, "GET http://other/ HTTP/1.1\r\n" + HOST + "x\r\n\r\n", 1000));
    }

    @Test
    void fiftyHostileConnectionsOfEachKindDisturbNoCaller() throws Exception {
        // until code is compiled and buffers are pooled
        attack();
        attack();
        long before = residentMiB();
        attack();
        attack();
        long after = residentMiB();
        assertTrue(after <= before + 24, before + " MiB resident after two waves, then " + after);
        assertTrue(running.gateway().process().isAlive(), running.gateway().output());
        String log = running.gateway().output();
        assertTrue(!log.contains("ERROR") && !log.contains("OutOfMemory") && !log.contains("\tat "), log);
    }

    /** A header of five bytes takes more than a hundred of heap. */
    @Test
    void hundredsOfRequestsWithSmallHeadersAreBoundedByTheHeapTheyTake() throws Exception {
        running.sandbox("http=200&delay=2000");
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < 700; i++) {
                for (String headers : List.of("a:b\r\n".repeat(2380), "a:b\r\n".repeat(95) + "\r\n")) {
                    Socket connection = new Socket(
                            InetAddress.getLoopbackAddress(), running.url().getPort());
                    open.add(connection);
                    write(connection, LIST + "slow\r\n" + headers);
                }
            }
            serve(running.url(), RawConnection.list("known"), 8);
        } finally {
            for (Socket connection : open) {
                connection.close();
            }
        }
        assertTrue(running.gateway().process().isAlive(), running.gateway().output());
    }

    /** Its server has far fewer connections, and each pod in the cluster's network may reach it. */
    @Test
    void theManagementServerBoundsItsConnectionsAndTheirBytes() throws Exception {
        URL management = new URL(running.gateway().managementUrl());
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < 1000; i++) {
                Socket connection = new Socket(InetAddress.getLoopbackAddress(), management.getPort());
                open.add(connection);
                try {
                    write(
                            connection,
                            "POST /q/health/live HTTP/1.1\r\nHost: x\r\nContent-Length: 16000\r\n\r\n"
                                    + "x".repeat(15_900));
                } catch (IOException oneTooMany) {
                    // closed at once
                }
            }
            until("probes are served again", () -> isServed(management));
            serve(management, "GET /q/health/live HTTP/1.1\r\nHost: x\r\n\r\n", 8);
        } finally {
            for (Socket connection : open) {
                connection.close();
            }
        }
    }

    private void attack() throws Exception {
        running.sandbox("http=200&delay=1000");
        List<Socket> open = new ArrayList<>();
        List<Future<?>> attackers = new ArrayList<>();
        URL gateway = running.url();
        CountDownLatch all = new CountDownLatch(1);
        for (Attack attack : attacks()) {
            for (int i = 0; i < OF_EACH_KIND; i++) {
                Socket connection = new Socket(InetAddress.getLoopbackAddress(), gateway.getPort());
                open.add(connection);
                attackers.add(threads.submit(() -> {
                    all.await();
                    try {
                        attack.on(connection);
                    } catch (IOException closedByTheGateway) {
                        // which it may
                    }
                    return null;
                }));
            }
        }
        all.countDown();
        URL management = new URL(running.gateway().managementUrl());
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(4);
        while (System.nanoTime() < end) {
            // as many new connections as reach every event loop
            serve(gateway, RawConnection.list("known"), 8);
            serve(management, "GET /q/health/live HTTP/1.1\r\nHost: x\r\n\r\n", 8);
        }
        for (Socket connection : open) {
            connection.close();
        }
        for (Future<?> attacker : attackers) {
            attacker.get(20, TimeUnit.SECONDS);
        }
        running.sandbox("http=200&delay=0");
        serve(gateway, RawConnection.list("known"), 32);
    }

    private static void serve(URL url, String request, int connections) throws Exception {
        var statuses = new ConcurrentLinkedQueue<String>();
        for (int i = 0; i < connections; i++) {
            long start = System.nanoTime();
            try (RawConnection connection = new RawConnection(url)) {
                statuses.add(
                        connection.send(request).response().lines().findFirst().orElse("nothing"));
            }
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            assertTrue(millis < 5000, "served after " + millis + " ms");
        }
        assertEquals(List.of("HTTP/1.1 200 OK"), statuses.stream().distinct().toList());
    }

    private static boolean isServed(URL management) {
        try (RawConnection connection = new RawConnection(management)) {
            return connection
                    .sendIfOpen("GET /q/health/live HTTP/1.1\r\nHost: x\r\n\r\n")
                    .response()
                    .startsWith("HTTP/1.1 200 ");
        } catch (IOException closed) {
            return false;
        }
    }

    private static void write(Socket connection, String bytes) throws IOException {
        connection.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Ends early when the gateway reads no more and the connection is closed. */
    private static void flood(Socket connection, String bytes, int times) throws IOException {
        byte[] each = bytes.getBytes(StandardCharsets.ISO_8859_1);
        OutputStream out = connection.getOutputStream();
        for (int i = 0; i < times; i++) {
            out.write(each);
        }
    }

    private long residentMiB() throws IOException {
        Path status = Path.of("/proc", Long.toString(running.gateway().process().pid()), "status");
        return Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .sum()
                / 1024;
    }
}
