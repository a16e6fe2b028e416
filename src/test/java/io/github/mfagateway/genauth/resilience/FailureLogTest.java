package io.github.mfagateway.genauth.resilience;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.mfagateway.genauth.EnvelopeStatus;
import io.github.mfagateway.genauth.GenAuthException;
import io.github.mfagateway.support.LoggedLines;

class FailureLogTest {

    private static final Throwable FAILED = new GenAuthException.Failed(
            "GenAuth failed with status 502", true, new EnvelopeStatus(200, 502, 7, "5f-1", "a message"));
    private static final Throwable REJECTED =
            GenAuthException.rejected(new EnvelopeStatus(200, 404, null, null, "a message"));

    // an operation of its own, because other tests' lines go to the same logger
    private final String operation = "operation-" + System.identityHashCode(this);
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final LoggedLines written = new LoggedLines(FailureLog.class.getName(), operation + ": ");
    private final FailureLog log = new FailureLog(operation, nanos::get);

    @AfterEach
    void stopListening() {
        written.close();
    }

    @Test
    void aFailureIsOneLineWithWhatGenAuthSaidAndItsTrace() {
        log.failed(FAILED, Optional.of("4bf9"));

        assertEquals(
                List.of("GenAuth failed with status 502 (statusCode 502, apiCode 7, requestId 5f-1), trace 4bf9"),
                lines());
    }

    @Test
    void aThousandOfAKindAreOneLineInTenSecondsAndACount() {
        for (int i = 0; i < 1000; i++) {
            log.failed(FAILED, Optional.empty());
        }
        assertEquals(1, lines().size());

        turnTo(Duration.ofMillis(9_999));
        log.failed(FAILED, Optional.empty());
        assertEquals(1, lines().size());

        turnTo(Duration.ofMillis(10_000));
        log.failed(FAILED, Optional.empty());
        turnTo(Duration.ofMillis(20_000));
        log.failed(FAILED, Optional.empty());

        assertEquals(
                List.of(
                        "GenAuth failed with status 502 (statusCode 502, apiCode 7, requestId 5f-1)",
                        "GenAuth failed with status 502 (statusCode 502, apiCode 7, requestId 5f-1); 1000 more like it since the last such line",
                        "GenAuth failed with status 502 (statusCode 502, apiCode 7, requestId 5f-1)"),
                lines());
    }

    @Test
    void oneKindDoesNotSilenceAnother() {
        log.failed(FAILED, Optional.empty());
        log.failed(GenAuthException.timedOut(Duration.ofMillis(2500)), Optional.empty());

        assertEquals(2, lines().size());
        assertEquals("GenAuth did not respond within 2500 ms", lines().get(1));
    }

    @Test
    void aRejectionIsLoggedOnlyWhereNoCallerCanCauseIt() {
        log.failed(REJECTED, Optional.empty());
        assertEquals(List.of("GenAuth rejected the call (statusCode 404)"), lines());

        log.failed(
                GenAuthException.inputRejected(new EnvelopeStatus(200, 404, null, null, "a message")),
                Optional.empty());
        assertEquals(1, lines().size());
    }

    @Test
    void rejectedTokensForbiddenUsersAndAnOpenBreakerAreNotLogged() {
        log.failed(
                GenAuthException.tokenRejected(new EnvelopeStatus(200, 401, null, null, "a message")),
                Optional.empty());
        log.failed(
                GenAuthException.userForbidden(new EnvelopeStatus(200, 403, null, null, "a message")),
                Optional.empty());
        log.failed(GenAuthException.unavailable(Duration.ofSeconds(1)), Optional.empty());

        assertEquals(List.of(), lines());
    }

    private void turnTo(Duration sinceTheFirst) {
        nanos.set(Long.MAX_VALUE - 5 + sinceTheFirst.toNanos());
    }

    /** Without the operation, which each begins with. */
    private List<String> lines() {
        return written.lines().stream()
                .map(line -> line.replaceFirst("^" + operation + ": ", ""))
                .toList();
    }
}
