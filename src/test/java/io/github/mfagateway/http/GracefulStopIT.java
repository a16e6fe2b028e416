package io.github.mfagateway.http;

import static io.github.mfagateway.support.Until.until;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import io.github.mfagateway.support.RawConnection;
import io.github.mfagateway.support.SandboxAndGateway;

/** SIGTERM under load, with the delay and timeout of production. */
class GracefulStopIT {

    private static final int CALLERS = 8;

    /** What one caller met. */
    private record Met(int served, List<Duration> lostAfter) {}

    @Test
    void readinessGoesDownFirstNoRequestIsLostAndItEndsInTime() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try (SandboxAndGateway running = new SandboxAndGateway(
                        // a stop has to wait for the responses' 2.4 s; a first call also loads classes
                        Map.of("GENAUTH_DEADLINE", "20s"));
                RawConnection inFlight = new RawConnection(running.url());
                RawConnection known = new RawConnection(running.url())) {
            running.sandbox("http=200&delay=50");
            String token = UUID.randomUUID().toString();
            for (int i = 0; i < 3; i++) {
                assertFalse(isToldToLeave(known, token));
            }
            AtomicLong stopped = new AtomicLong(Long.MAX_VALUE);
            List<Future<Met>> load = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                load.add(callers.submit(() -> callUntilRejected(running.url(), stopped)));
            }
            until("it is ready", () -> readiness(running) == 200);

            long start = System.nanoTime();
            stopped.set(start);
            running.gateway().process().toHandle().destroy();
            until("readiness goes down", () -> readiness(running) == 503);
            assertTrue(Duration.ofNanos(System.nanoTime() - start).toMillis() < 2000);
            assertEquals(
                    200,
                    given().get(running.gateway().managementUrl() + "/q/health/live")
                            .statusCode());

            // also a cache hit
            until("a caller is told to close their connection", () -> isToldToLeave(known, token));
            assertEquals("", known.rest());

            // its response comes after the drain
            until("the drain is nearly over", () -> System.nanoTime() - start > 4_000_000_000L);
            running.sandbox("http=200&delay=2400");
            inFlight.send(RawConnection.list(UUID.randomUUID().toString()));
            until("it is asked for", () -> System.nanoTime() - start > 4_300_000_000L);
            running.sandbox("http=200&delay=50");
            assertTrue(inFlight.response().startsWith("HTTP/1.1 200 "));

            int served = 0;
            List<Duration> lost = new ArrayList<>();
            for (Future<Met> each : load) {
                Met met = each.get(20, TimeUnit.SECONDS);
                served += met.served();
                lost.addAll(met.lostAfter());
            }
            assertTrue(served > 100, "only " + served + " requests");
            assertEquals(List.of(), lost);

            assertTrue(running.gateway().process().waitFor(20, TimeUnit.SECONDS));
            assertTrue(Duration.ofNanos(System.nanoTime() - start).toSeconds() < 20);
            assertFalse(
                    running.gateway().output().contains("\tat "),
                    running.gateway().output());
        } finally {
            callers.shutdownNow();
        }
    }

    /** Keeps a connection until a response says close, then opens a new one, and ends when it gets none. */
    private static Met callUntilRejected(URL url, AtomicLong stopped) throws IOException {
        int served = 0;
        List<Duration> lost = new ArrayList<>();
        while (true) {
            try (RawConnection connection = new RawConnection(url)) {
                for (boolean open = true; open; ) {
                    String response = connection
                            .sendIfOpen(RawConnection.list(UUID.randomUUID().toString()))
                            .response();
                    if (response.startsWith("HTTP/1.1 200 ")) {
                        served++;
                        open = !saysClose(response);
                    } else {
                        lost.add(Duration.ofNanos(System.nanoTime() - stopped.get()));
                        open = false;
                    }
                }
            } catch (ConnectException refused) {
                return new Met(served, lost);
            }
        }
    }

    private static boolean isToldToLeave(RawConnection connection, String token) {
        try {
            String response = connection.send(RawConnection.list(token)).response();
            assertTrue(response.startsWith("HTTP/1.1 200 "), response);
            return saysClose(response);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean saysClose(String response) {
        return response.toLowerCase(Locale.ROOT).contains("\r\nconnection: close\r\n");
    }

    private static int readiness(SandboxAndGateway running) {
        try {
            return given().get(running.gateway().managementUrl() + "/q/health/ready")
                    .statusCode();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
