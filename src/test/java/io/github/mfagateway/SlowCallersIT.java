package io.github.mfagateway;

import static io.github.mfagateway.support.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.mfagateway.support.RawConnection;
import io.github.mfagateway.support.SandboxAndGateway;

/** Callers who hold connections, against a low limit; and who send little, against an idle timeout of 2 s. */
class SlowCallersIT {

    private static final String HEAD = "GET /mfa/factors/enrollable HTTP/1.1\r\nHost: x\r\nX-Slow: ";
    private static final String POST =
            "POST /mfa/factors/enrollable HTTP/1.1\r\nHost: x\r\nContent-Length: 10000\r\n\r\n";

    private final ScheduledExecutorService dribble = Executors.newSingleThreadScheduledExecutor();
    private SandboxAndGateway running;

    private void start(String idleTimeout) throws Exception {
        running = new SandboxAndGateway(Map.of(
                "QUARKUS_HTTP_IDLE_TIMEOUT",
                idleTimeout,
                "QUARKUS_HTTP_LIMITS_MAX_CONNECTIONS",
                "20",
                // a first call loads classes
                "GENAUTH_DEADLINE",
                "20s"));
    }

    @AfterEach
    void stop() throws Exception {
        dribble.shutdownNow();
        if (running != null) {
            running.close();
        }
    }

    @Test
    void slowHeadsAndBodiesLoseTheirConnectionAndOthersAreServedMeanwhile() throws Exception {
        start("2s");
        try (RawConnection silentHead = new RawConnection(running.url()).send(HEAD);
                RawConnection slowHead = new RawConnection(running.url()).send(HEAD);
                RawConnection silentBody = new RawConnection(running.url()).send(POST);
                RawConnection slowBody = new RawConnection(running.url()).send(POST)) {
            dribble.scheduleAtFixedRate(() -> dribble(slowHead, slowBody), 0, 200, TimeUnit.MILLISECONDS);
            assertServed();

            assertClosedWithin(Duration.ofSeconds(6), silentHead);
            assertClosedWithin(Duration.ofSeconds(6), slowHead);
            assertClosedWithin(Duration.ofSeconds(6), silentBody);
            assertClosedWithin(Duration.ofSeconds(14), slowBody);
            assertServed();
        }
        assertFalse(
                running.gateway().output().contains("\tat "), running.gateway().output());
    }

    @Test
    void connectionsAreBounded() throws Exception {
        // so long that no connection of this test is ever idle for it
        start("60s");
        List<RawConnection> open = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            RawConnection connection = new RawConnection(running.url());
            open.add(connection);
            assertServed(connection);
        }
        try (RawConnection oneTooMany = new RawConnection(running.url())) {
            assertEquals("", oneTooMany.sendIfOpen(RawConnection.list("alice")).rest());
        }
        for (RawConnection each : open) {
            assertServed(each);
            each.close();
        }
        until("there is room again", this::isServed);
    }

    private void assertServed() throws IOException {
        try (RawConnection connection = new RawConnection(running.url())) {
            assertServed(connection);
        }
    }

    private static void assertServed(RawConnection connection) throws IOException {
        assertTrue(connection.send(RawConnection.list("alice")).response().startsWith("HTTP/1.1 200 "));
    }

    private boolean isServed() {
        try (RawConnection connection = new RawConnection(running.url())) {
            return connection.sendIfOpen(RawConnection.list("alice")).response().startsWith("HTTP/1.1 200 ");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertClosedWithin(Duration limit, RawConnection connection) throws IOException {
        long start = System.nanoTime();
        connection.rest();
        assertTrue(System.nanoTime() - start < limit.toNanos(), "still open after " + limit);
    }

    private static void dribble(RawConnection... connections) {
        for (RawConnection connection : connections) {
            try {
                connection.send("x");
            } catch (IOException closed) {
                // as it should be
            }
        }
    }
}
