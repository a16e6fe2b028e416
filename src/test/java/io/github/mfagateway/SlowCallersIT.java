package io.github.mfagateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.mfagateway.support.RawConnection;
import io.github.mfagateway.support.SandboxAndGateway;

/** Callers who hold connections and send little, against an idle timeout of 2 s. */
class SlowCallersIT {

    private static final String HEAD = "GET /mfa/factors/enrollable HTTP/1.1\r\nHost: x\r\nX-Slow: ";
    private static final String POST =
            "POST /mfa/factors/enrollable HTTP/1.1\r\nHost: x\r\nContent-Length: 10000\r\n\r\n";

    private final ScheduledExecutorService dribble = Executors.newSingleThreadScheduledExecutor();
    private SandboxAndGateway running;

    @BeforeEach
    void start() throws Exception {
        running = new SandboxAndGateway(
                Map.of("QUARKUS_HTTP_IDLE_TIMEOUT", "2s", "QUARKUS_HTTP_LIMITS_MAX_CONNECTIONS", "20"));
    }

    @AfterEach
    void stop() throws Exception {
        dribble.shutdownNow();
        running.close();
    }

    @Test
    void slowHeadsAndBodiesLoseTheirConnectionAndOthersAreServedMeanwhile() throws Exception {
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
        List<RawConnection> open = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            RawConnection connection = new RawConnection(running.url());
            open.add(connection);
            assertTrue(connection.send(RawConnection.list("alice")).response().startsWith("HTTP/1.1 200 "));
        }
        try (RawConnection oneTooMany = new RawConnection(running.url())) {
            assertEquals("", oneTooMany.rest());
        }
        for (RawConnection each : open) {
            each.close();
        }
    }

    private void assertServed() throws IOException {
        try (RawConnection connection = new RawConnection(running.url())) {
            assertTrue(connection.send(RawConnection.list("alice")).response().startsWith("HTTP/1.1 200 "));
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
