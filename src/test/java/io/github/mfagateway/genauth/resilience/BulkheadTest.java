package io.github.mfagateway.genauth.resilience;

import static io.github.mfagateway.support.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.mfagateway.support.FaultyGenAuth;
import io.github.mfagateway.support.GenAuthStub;
import io.github.mfagateway.support.RawConnection;
import io.github.mfagateway.support.VirtualClock;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;

/** 400 misses at once while GenAuth hangs. */
@QuarkusTest
@TestProfile(BulkheadTest.Patient.class)
@WithTestResource(FaultyGenAuth.class)
class BulkheadTest {

    /** A deadline that does not pass while a slow machine measures. */
    public static class Patient implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("genauth.deadline", "60s");
        }
    }

    @TestHTTPResource("/mfa/factors/enrollable")
    URL enrollable;

    @Inject
    VirtualClock clock;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private RawConnection knownCaller;

    @AfterEach
    void close() throws Exception {
        knownCaller.close();
    }

    @Test
    void socketsAreBoundedTheOverflowGets503AtOnceAndHitsDoNotWait() throws Exception {
        String known = GenAuthStub.freshToken();
        knownCaller = new RawConnection(enrollable);
        for (int i = 0; i < 20; i++) {
            fresh(50).stream().map(this::list).toList().forEach(CompletableFuture::join);
            for (int hit = 0; hit < 100; hit++) {
                hit(known);
            }
        }
        List<String> stale = fresh(3);
        stale.stream().map(this::list).toList().forEach(CompletableFuture::join);
        CountDownLatch recovery = new CountDownLatch(1);
        List<String> hanging = fresh(400);
        hanging.forEach(each -> FaultyGenAuth.behave(each, socket -> {
            recovery.await();
            FaultyGenAuth.HEALTHY.on(socket);
        }));

        List<CompletableFuture<HttpResponse<String>>> callers = new ArrayList<>();
        hanging.subList(0, 300).forEach(each -> callers.add(list(each)));
        until(
                "64 run and 64 wait",
                () -> requests(hanging) == 64
                        && callers.stream().filter(CompletableFuture::isDone).count() == 172);
        List<Latencies> measured = new ArrayList<>();
        // a machine that does something else for a moment makes one try slow, not three
        do {
            measured.add(measured(hanging.subList(300, 400), known, callers));
        } while (measured.stream().noneMatch(Latencies::areGood) && measured.size() < 3);

        assertEquals(64, requests(hanging));
        assertTrue(FaultyGenAuth.open() <= 64, FaultyGenAuth.open() + " sockets");
        assertTrue(measured.stream().anyMatch(Latencies::areGood), measured.toString());

        assertStaleAtOnce(stale);

        recovery.countDown();
        assertEquals(
                128,
                callers.stream()
                        .filter(caller -> caller.join().statusCode() == 200)
                        .count());
        assertEquals(128, requests(hanging));
        assertTrue(FaultyGenAuth.open() <= 64, FaultyGenAuth.open() + " sockets");
    }

    /** The 99th percentiles of being turned away and of hits meanwhile. */
    private record Latencies(Duration overflow, Duration hit) {

        boolean areGood() {
            return overflow.toMillis() < 50 && hit.toMillis() < 10;
        }
    }

    private Latencies measured(List<String> tokens, String known, List<CompletableFuture<HttpResponse<String>>> callers)
            throws Exception {
        List<Long> overflow = new ArrayList<>();
        List<Long> hits = new ArrayList<>();
        for (String each : tokens) {
            long start = System.nanoTime();
            callers.add(list(each));
            HttpResponse<String> turnedAway = callers.get(callers.size() - 1).join();
            overflow.add(System.nanoTime() - start);
            assertEquals(503, turnedAway.statusCode());
            assertEquals("1", turnedAway.headers().firstValue("Retry-After").orElse(""));
            assertTrue(turnedAway.body().contains("/problems/overloaded"), turnedAway.body());
            for (int i = 0; i < 10; i++) {
                hits.add(hit(known));
            }
        }
        return new Latencies(p99(overflow), p99(hits));
    }

    /** The queue is full: no caller with a stale response waits for the soft timeout (300 ms). */
    private void assertStaleAtOnce(List<String> stale) {
        clock.turn(Duration.ofMinutes(2));
        List<Long> waited = new ArrayList<>();
        for (String each : stale) {
            long start = System.nanoTime();
            HttpResponse<String> response = list(each).join();
            waited.add(System.nanoTime() - start);
            assertEquals(200, response.statusCode());
            String status = response.headers().firstValue("Cache-Status").orElse("");
            assertTrue(status.endsWith("; detail=overloaded"), status);
        }
        assertTrue(Collections.min(waited) < 250_000_000L, waited.toString());
    }

    private CompletableFuture<HttpResponse<String>> list(String token) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(enrollable.toString()))
                .timeout(Duration.ofSeconds(90))
                .header("Authorization", "Bearer " + token)
                .build();
        return http.sendAsync(request, BodyHandlers.ofString());
    }

    private long hit(String known) throws Exception {
        long start = System.nanoTime();
        assertTrue(knownCaller.send(RawConnection.list(known)).response().startsWith("HTTP/1.1 200 "));
        return System.nanoTime() - start;
    }

    private static int requests(List<String> tokens) {
        return tokens.stream().mapToInt(FaultyGenAuth::requests).sum();
    }

    private static List<String> fresh(int count) {
        return IntStream.range(0, count).mapToObj(i -> GenAuthStub.freshToken()).toList();
    }

    private static Duration p99(List<Long> nanos) {
        return Duration.ofNanos(nanos.stream().sorted().toList().get(nanos.size() * 99 / 100 - 1));
    }
}
