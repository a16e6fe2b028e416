package io.github.mfagateway;

import static io.github.mfagateway.support.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;

import io.github.mfagateway.support.FaultyGenAuth;
import io.github.mfagateway.support.GenAuthStub;
import io.github.mfagateway.support.RawConnection;
import io.github.mfagateway.support.VirtualClock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;

/** Up, slow, failing, rejecting, up again: eight minutes of virtual time, with the invariants in each. */
@QuarkusTest
@WithTestResource(FaultyGenAuth.class)
class ChaosTest {

    private static final int CALLERS = 4;

    @Inject
    VirtualClock clock;

    @Inject
    MeterRegistry registry;

    @TestHTTPResource("/")
    URL gateway;

    private final List<String> known =
            IntStream.range(0, 20).mapToObj(i -> GenAuthStub.freshToken()).toList();
    private final AtomicInteger unknownServed = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();

    @Inject
    CircuitBreakerMaintenance breakers;

    @Test
    void knownCallersAreServedOnlyTheirOwnResponsesAndGenAuthIsSpared() throws Exception {
        breakers.resetAll();
        long before = requests();
        FaultyGenAuth.everybody(counted(FaultyGenAuth.MIRROR));
        phase("up", 5);
        int servedWhileUp = unknownServed.get();
        assertTrue(servedWhileUp > 0);

        FaultyGenAuth.everybody(counted(FaultyGenAuth.SILENT));
        phase("slow", 5);
        FaultyGenAuth.everybody(
                counted((socket) -> FaultyGenAuth.write(socket, FaultyGenAuth.http(503, "<h1>503</h1>"))));
        phase("failing", 5);
        FaultyGenAuth.refuseConnections(() -> phase("refusing", 5));
        assertEquals(servedWhileUp, unknownServed.get());

        FaultyGenAuth.everybody(counted(FaultyGenAuth.MIRROR));
        until("an unknown caller is served again", () -> {
            String token = GenAuthStub.freshToken();
            return list(token).contains(token);
        });
        phase("up again", 4);
        assertTrue(unknownServed.get() > servedWhileUp);
        long asked = requests() - before;
        // the reserve, and a retry for each connection that was reused and had ended
        double most = 1.1 * asked + 10 + CALLERS;
        assertTrue(calls.get() <= most, calls + " calls for " + asked + " requests");
    }

    /** Each caller sends requests for each known user and some unknown ones; 20 s pass in each round. */
    private void phase(String name, int rounds) {
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try {
            for (int round = 0; round < rounds; round++) {
                List<Future<?>> asking = new ArrayList<>();
                for (int caller = 0; caller < CALLERS; caller++) {
                    asking.add(callers.submit(() -> {
                        for (String token : known) {
                            String response = list(token);
                            assertTrue(response.startsWith("HTTP/1.1 200 "), () -> name + ": " + response);
                            assertTrue(
                                    response.contains("[{\"factorType\":\"" + token + "\"}]"),
                                    () -> name + ": " + response);
                        }
                        String unknown = GenAuthStub.freshToken();
                        String response = list(unknown);
                        if (response.startsWith("HTTP/1.1 200 ")) {
                            assertTrue(
                                    response.contains("[{\"factorType\":\"" + unknown + "\"}]"),
                                    () -> name + ": " + response);
                            unknownServed.incrementAndGet();
                        } else {
                            assertTrue(
                                    response.matches("(?s)HTTP/1.1 50[234] .*application/problem\\+json.*"),
                                    () -> name + ": " + response);
                        }
                    }));
                }
                for (Future<?> each : asking) {
                    each.get(60, TimeUnit.SECONDS);
                }
                clock.turn(Duration.ofSeconds(20));
            }
        } catch (Exception e) {
            throw new AssertionError(name, e);
        } finally {
            callers.shutdownNow();
        }
    }

    private FaultyGenAuth.Behaviour counted(FaultyGenAuth.Behaviour behaviour) {
        return new FaultyGenAuth.Behaviour() {
            @Override
            public void on(Socket socket) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void on(Socket socket, String token) throws IOException, InterruptedException {
                calls.incrementAndGet();
                behaviour.on(socket, token);
            }
        };
    }

    /** Those that a breaker or bulkhead did not turn away: each is a call, and some are a second one. */
    private long requests() {
        return registry.get("genauth.calls").tag("operation", "list-factors-to-enroll").timers().stream()
                .filter(timer -> !Set.of("unavailable", "overloaded")
                        .contains(timer.getId().getTag("outcome")))
                .mapToLong(Timer::count)
                .sum();
    }

    private String list(String token) {
        try (RawConnection connection = new RawConnection(gateway)) {
            return connection.send(RawConnection.list(token)).response();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
