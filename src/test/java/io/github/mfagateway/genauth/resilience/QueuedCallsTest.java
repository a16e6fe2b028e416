package io.github.mfagateway.genauth.resilience;

import static io.github.mfagateway.support.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.util.Map;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;

import io.github.mfagateway.support.FaultyGenAuth;
import io.github.mfagateway.support.GenAuthStub;
import io.github.mfagateway.support.RawConnection;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;

/** Calls that wait for their turn while GenAuth hangs. */
@QuarkusTest
@TestProfile(QueuedCallsTest.OneAtATime.class)
@WithTestResource(FaultyGenAuth.class)
class QueuedCallsTest {

    public static class OneAtATime implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("genauth.max-concurrent", "1", "genauth.deadline", "2s");
        }
    }

    @Inject
    MeterRegistry registry;

    @TestHTTPResource("/mfa/factors/enrollable")
    URL enrollable;

    @Test
    void aQueuedCallThatStartsJustBeforeItsDeadlineDoesNotCallGenAuth() throws IOException {
        int asked;
        int tries = 0;
        // a machine that does something else for a moment gives one call a longer wait, not three
        do {
            asked = askedByWhoseTurnComesLate();
        } while (asked > 0 && ++tries < 3);
        assertEquals(0, asked);
    }

    @Test
    void aQueuedCallThatStartsInTimeCallsGenAuth() throws IOException {
        String first = GenAuthStub.freshToken();
        String second = GenAuthStub.freshToken();
        FaultyGenAuth.behave(first, FaultyGenAuth.SILENT);
        try (RawConnection running = new RawConnection(enrollable);
                RawConnection waiting = new RawConnection(enrollable)) {
            running.send(RawConnection.list(first));
            until("the first is asked for", () -> FaultyGenAuth.requests(first) == 1);
            pass(500);
            waiting.send(RawConnection.list(second));

            assertStatus(504, running);
            assertStatus(200, waiting);
        }
    }

    /** The first hangs until its deadline, which the second's is 100 ms behind: a twentieth of it. */
    private int askedByWhoseTurnComesLate() throws IOException {
        String first = GenAuthStub.freshToken();
        String second = GenAuthStub.freshToken();
        FaultyGenAuth.behave(first, FaultyGenAuth.SILENT);
        FaultyGenAuth.behave(second, FaultyGenAuth.SILENT);
        try (RawConnection running = new RawConnection(enrollable);
                RawConnection waiting = new RawConnection(enrollable)) {
            running.send(RawConnection.list(first));
            until("the first is asked for", () -> FaultyGenAuth.requests(first) == 1);
            pass(100);
            waiting.send(RawConnection.list(second));

            assertStatus(504, running);
            assertStatus(504, waiting);
        }
        until(
                "the permit is back",
                () -> registry.get("genauth.bulkhead.running").gauge().value() == 0
                        && registry.get("genauth.bulkhead.waiting").gauge().value() == 0);
        return FaultyGenAuth.requests(second);
    }

    private static void pass(int millis) {
        long start = System.nanoTime();
        until(millis + " ms are over", () -> System.nanoTime() - start > millis * 1_000_000L);
    }

    private static void assertStatus(int status, RawConnection connection) throws IOException {
        String response = connection.response();
        assertTrue(response.startsWith("HTTP/1.1 " + status + " "), response);
    }
}
