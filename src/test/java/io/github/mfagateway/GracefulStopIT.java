package io.github.mfagateway;

import static io.github.mfagateway.support.Until.until;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
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
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;

import io.github.mfagateway.support.RawConnection;
import io.github.mfagateway.support.SandboxAndGateway;

/** SIGTERM under load, with the delay and timeout of production. */
class GracefulStopIT {

    private static final int CALLERS = 8;

    @Test
    void readinessGoesDownFirstNoRequestIsLostAndItEndsInTime() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try (SandboxAndGateway running = new SandboxAndGateway(
                        // the answers' own 2.4 s are what a stop has to wait for; a first call loads classes besides
                        Map.of("GENAUTH_DEADLINE", "20s"));
                RawConnection inFlight = new RawConnection(running.url());
                RawConnection known = new RawConnection(running.url())) {
            running.sandbox("http=200&delay=50");
            String token = UUID.randomUUID().toString();
            for (int i = 0; i < 3; i++) {
                assertFalse(isToldToLeave(known, token));
            }
            AtomicBoolean inRotation = new AtomicBoolean(true);
            List<Future<Integer>> load = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                load.add(callers.submit(
                        () -> askWhile(inRotation, running.gateway().url())));
            }
            until("it is ready", () -> readiness(running) == 200);

            long start = System.nanoTime();
            running.gateway().process().toHandle().destroy();
            until("readiness goes down", () -> readiness(running) == 503);
            assertTrue(Duration.ofNanos(System.nanoTime() - start).toMillis() < 2000);
            assertEquals(
                    200,
                    given().get(running.gateway().managementUrl() + "/q/health/live")
                            .statusCode());

            // who is answered from memory too
            until("a caller is told to close their connection", () -> isToldToLeave(known, token));
            assertEquals("", known.rest());

            // load balancers notice within the delay: those that are slow still send for 3 s
            until("the last endpoint list is updated", () -> System.nanoTime() - start > 3_000_000_000L);
            running.sandbox("http=200&delay=2400");
            inFlight.send(RawConnection.list(UUID.randomUUID().toString()));
            inRotation.set(false);
            int served = 0;
            for (Future<Integer> each : load) {
                served += each.get(20, TimeUnit.SECONDS);
            }
            assertTrue(served > 100, "only " + served + " requests");
            assertTrue(inFlight.response().startsWith("HTTP/1.1 200 "));

            assertTrue(running.gateway().process().waitFor(20, TimeUnit.SECONDS));
            assertTrue(Duration.ofNanos(System.nanoTime() - start).toSeconds() < 20);
            assertFalse(
                    running.gateway().output().contains("\tat "),
                    running.gateway().output());
        } finally {
            callers.shutdownNow();
        }
    }

    private static int askWhile(AtomicBoolean inRotation, String url) throws Exception {
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        int served = 0;
        while (inRotation.get()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/mfa/factors/enrollable"))
                    .header("Authorization", "Bearer " + UUID.randomUUID())
                    .build();
            assertEquals(200, http.send(request, BodyHandlers.ofString()).statusCode());
            served++;
        }
        return served;
    }

    private static boolean isToldToLeave(RawConnection connection, String token) {
        try {
            String answer = connection.send(RawConnection.list(token)).response();
            assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
            return answer.toLowerCase(Locale.ROOT).contains("\r\nconnection: close\r\n");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
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
