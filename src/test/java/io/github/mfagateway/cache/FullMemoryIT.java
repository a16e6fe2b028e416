package io.github.mfagateway.cache;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import io.github.mfagateway.support.RawConnection;
import io.github.mfagateway.support.SandboxAndGateway;

/** More responses than the cache may hold by default, in the deployment's heap. */
class FullMemoryIT {

    private static final int CALLERS = 8;
    private static final int CALLS_OF_EACH = 3_000;

    @Test
    void theCacheFillsItsQuarterOfTheHeapAndNoMore() throws Exception {
        try (SandboxAndGateway running = new SandboxAndGateway(
                // none may expire before the last is requested; a first call loads classes
                Map.of("MFA_CACHE_FRESH", "1h", "GENAUTH_DEADLINE", "20s"), List.of("-Xmx64m"))) {
            var statuses = new ConcurrentLinkedQueue<String>();
            IntStream.range(0, CALLERS).parallel().forEach(caller -> call(running, caller, statuses));

            assertEquals(CALLERS * CALLS_OF_EACH, statuses.size());
            assertEquals(
                    new TreeSet<>(List.of("HTTP/1.1 200 OK")),
                    new TreeSet<>(statuses),
                    running.gateway().output());
            double bytes = metric(running, "mfa_cache_bytes");
            double most = metric(running, "mfa_cache_max_bytes");
            assertTrue(most > 15 << 20 && most <= 16 << 20, most + " bytes at most");
            assertTrue(bytes > 0.95 * most && bytes <= most, bytes + " of " + most);
            double entries = metric(running, "mfa_cache_entries");
            assertTrue(entries > 15_000);
            assertEquals(CALLERS * CALLS_OF_EACH - entries, metric(running, "mfa_cache_evictions_total"), 100);
        }
    }

    private static double metric(SandboxAndGateway running, String name) throws IOException {
        return Double.parseDouble(given().get(running.gateway().managementUrl() + "/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .findFirst()
                .orElseThrow()
                .split(" ")[1]);
    }

    private static void call(SandboxAndGateway running, int caller, ConcurrentLinkedQueue<String> statuses) {
        try (RawConnection connection = new RawConnection(running.url())) {
            for (int i = 0; i < CALLS_OF_EACH; i++) {
                String token = "t".repeat(800) + caller + "-" + i;
                statuses.add(connection
                        .send(RawConnection.list(token))
                        .response()
                        .lines()
                        .findFirst()
                        .orElse("nothing"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
