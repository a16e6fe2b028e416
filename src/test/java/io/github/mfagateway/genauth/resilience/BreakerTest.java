package io.github.mfagateway.genauth.resilience;

import static io.github.mfagateway.support.Until.until;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mfagateway.support.FaultyGenAuth;
import io.github.mfagateway.support.GenAuthStub;
import io.github.mfagateway.support.LoggedLines;
import io.github.mfagateway.support.RawConnection;
import io.github.mfagateway.support.VirtualClock;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;
import io.smallrye.faulttolerance.api.CircuitBreakerState;

/** When GenAuth is not called any more, and when again. */
@QuarkusTest
@WithTestResource(FaultyGenAuth.class)
class BreakerTest {

    private static final String BREAKER = "genauth-reads";
    private static final FaultyGenAuth.Behaviour BROKEN =
            socket -> FaultyGenAuth.write(socket, FaultyGenAuth.http(500, "{\"statusCode\":500}"));
    private static final long OPEN_FOR = Duration.ofSeconds(5).toNanos();

    @Inject
    CircuitBreakerMaintenance breakers;

    @Inject
    VirtualClock clock;

    @TestHTTPResource("/mfa/factors/enrollable")
    URL enrollable;

    private final String token = GenAuthStub.freshToken();

    private long closedUntil;
    private long openSince;

    @BeforeEach
    void closeBreakers() {
        breakers.resetAll();
    }

    /** It opened between {@code closedUntil} and {@code openSince}, so what is left is known at each end of a request. */
    @Test
    void anOpenBreakerSaysHowLongItWillStayOpenRoundedUp() {
        List<Long> said;
        int tries = 0;
        // a busy machine can process nothing for seconds
        do {
            breakers.resetAll();
            openBreaker();
            said = saidWhileItIsOpen();
        } while (said.size() < 3 && ++tries < 3);

        assertTrue(said.size() >= 3, said.toString());
        assertEquals(said.stream().sorted(Comparator.reverseOrder()).toList(), said);
    }

    /** Each number once. */
    private List<Long> saidWhileItIsOpen() {
        int before = FaultyGenAuth.requests(token);
        List<Long> said = new ArrayList<>();
        while (true) {
            long sent = System.nanoTime();
            Response response = list(token);
            long responded = System.nanoTime();
            if (responded - closedUntil >= OPEN_FOR) {
                return said.stream().distinct().toList();
            }
            assertEquals(503, response.statusCode());
            assertEquals("/problems/genauth-unavailable", response.path("type"));
            long seconds = Long.parseLong(response.header("Retry-After"));
            assertTrue(seconds >= roundedUp(OPEN_FOR - (responded - closedUntil)), seconds + " is too little");
            assertTrue(seconds <= roundedUp(OPEN_FOR - (sent - openSince)), seconds + " is too much");
            assertEquals(before, FaultyGenAuth.requests(token));
            said.add(seconds);
        }
    }

    @Test
    void itClosesByItselfAndLogsALinePerTransition() {
        try (LoggedLines log = new LoggedLines("io.github.mfagateway.genauth.resilience.ResiliencePolicy", "reads")) {
            openBreaker();
            untilItIsClosed();
            assertEquals(
                    List.of(
                            "circuit breaker reads is open: no calls to GenAuth for 5000 ms",
                            "circuit breaker reads is half-open: 2 calls probe GenAuth",
                            "circuit breaker reads is closed: GenAuth responds again"),
                    log.lines());
        }
    }

    @Test
    void probesWithoutAResponseDoNotLeaveItHalfOpen() throws IOException {
        openBreaker();
        until("it is half-open", () -> breakers.currentState(BREAKER) == CircuitBreakerState.HALF_OPEN);
        List<RawConnection> probes = new ArrayList<>();
        for (String each : fresh(2)) {
            FaultyGenAuth.behave(each, FaultyGenAuth.SILENT);
            probes.add(new RawConnection(enrollable).send(RawConnection.list(each)));
        }

        for (RawConnection probe : probes) {
            try (probe) {
                String response = probe.response();
                assertTrue(response.startsWith("HTTP/1.1 504 "), response);
            }
        }

        until("it is open again", () -> breakers.currentState(BREAKER) == CircuitBreakerState.OPEN);
        untilItIsClosed();
    }

    @Test
    void aThousandRejectedTokensLeaveTheBreakerClosed() {
        List<String> tokens = fresh(1000);
        tokens.forEach(each -> FaultyGenAuth.behave(
                each,
                socket ->
                        FaultyGenAuth.write(socket, FaultyGenAuth.http(200, "{\"statusCode\":401,\"apiCode\":2020}"))));

        tokens.forEach(each -> assertEquals(401, list(each).statusCode()));

        assertEquals(CircuitBreakerState.CLOSED, breakers.currentState(BREAKER));
    }

    /** As many as a quiet gateway makes in a minute. */
    @Test
    void tenCallsThatFailOpenIt() {
        breaker("after nine calls", CircuitBreakerState.CLOSED, 9);
        breaker("after ten calls", CircuitBreakerState.OPEN, 1);
    }

    private void breaker(String when, CircuitBreakerState state, int calls) {
        fresh(calls).forEach(each -> {
            FaultyGenAuth.behave(each, BROKEN);
            assertEquals(502, list(each).statusCode());
        });
        assertEquals(state, breakers.currentState(BREAKER), when);
    }

    /** Every other call is one that its retry mended. */
    @Test
    void singleResetsInARowDoNotOpenIt() {
        for (String each : fresh(10)) {
            FaultyGenAuth.behave(each, socket -> {
                if (FaultyGenAuth.requests(each) == 1) {
                    FaultyGenAuth.RESET_BEFORE_HEAD.on(socket);
                } else {
                    FaultyGenAuth.HEALTHY.on(socket);
                }
            });
            assertEquals(200, list(each).statusCode());
        }
        assertEquals(CircuitBreakerState.CLOSED, breakers.currentState(BREAKER));
    }

    @Test
    void readsShareItAndWritesHaveTheirOwn() {
        fresh(10).forEach(each -> {
            FaultyGenAuth.behave(each, BROKEN);
            given().header("Authorization", "Bearer " + each).get("/mfa/factors/id");
        });

        assertEquals(503, list(GenAuthStub.freshToken()).statusCode());
        assertEquals(CircuitBreakerState.CLOSED, breakers.currentState("genauth-writes"));
        String writing = GenAuthStub.freshToken();
        given().header("Authorization", "Bearer " + writing).delete("/mfa/factors/id");
        assertEquals(1, FaultyGenAuth.requests(writing));
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void whatAProxyRejectsCountsAsAFailure(int http) {
        fresh(10).forEach(each -> {
            FaultyGenAuth.behave(
                    each, socket -> FaultyGenAuth.write(socket, FaultyGenAuth.http(http, "<h1>not here</h1>")));
            assertEquals(502, list(each).statusCode());
        });

        assertEquals(CircuitBreakerState.OPEN, breakers.currentState(BREAKER));
    }

    /** Such as a token that is longer than the proxy allows: one caller must not open the breaker for all. */
    @ParameterizedTest
    @ValueSource(ints = {400, 404, 413, 431})
    void whatAProxyMayRejectBecauseOfTheCallersInputDoesNotCount(int http) {
        fresh(20).forEach(each -> {
            FaultyGenAuth.behave(
                    each, socket -> FaultyGenAuth.write(socket, FaultyGenAuth.http(http, "<h1>too long</h1>")));
            assertEquals(502, list(each).statusCode());
        });

        assertEquals(CircuitBreakerState.CLOSED, breakers.currentState(BREAKER));
    }

    @Test
    void anUnknownIdDoesNotCountHoweverGenAuthDescribesIt() {
        fresh(20).forEach(each -> {
            FaultyGenAuth.behave(
                    each,
                    socket ->
                            FaultyGenAuth.write(socket, FaultyGenAuth.http(200, "{\"statusCode\":200,\"data\":null}")));
            given().header("Authorization", "Bearer " + each)
                    .get("/mfa/factors/id")
                    .then()
                    .statusCode(502);
        });

        assertEquals(CircuitBreakerState.CLOSED, breakers.currentState(BREAKER));
    }

    /** Known callers' keys are not throttled for longer than the breaker is open. */
    @Test
    void recoveryShowsToKnownCallersAsSoonAsTheBreakerLetsProbesPass() {
        List<String> known = fresh(3);
        known.forEach(each -> assertEquals(200, list(each).statusCode()));
        known.forEach(each -> FaultyGenAuth.behave(each, BROKEN));
        openBreaker();
        clock.turn(Duration.ofMinutes(2));
        long end = openSince + OPEN_FOR;
        // one is throttled at once, one in the midst, one shortly before the breaker is half-open
        for (String each : known) {
            assertTrue(isStale(list(each)));
            parkUntil(end - OPEN_FOR / 20 * (known.indexOf(each) == 0 ? 10 : 1));
        }
        known.forEach(each -> FaultyGenAuth.behave(each, FaultyGenAuth.HEALTHY));

        until("recovery shows to all", () -> known.stream().noneMatch(each -> isStale(list(each))));

        Duration late = Duration.ofNanos(System.nanoTime() - end);
        assertTrue(late.toMillis() < 2000, "recovery shows " + late + " after the breaker is half-open");
    }

    private static boolean isStale(Response response) {
        assertEquals(200, response.statusCode());
        return response.header("Cache-Status").endsWith("; detail=genauth-unavailable");
    }

    private static void parkUntil(long nanos) {
        while (System.nanoTime() < nanos) {
            LockSupport.parkNanos(nanos - System.nanoTime());
        }
    }

    private void openBreaker() {
        FaultyGenAuth.behave(token, FaultyGenAuth.RESET_BEFORE_HEAD);
        until("the breaker opens", () -> {
            closedUntil = System.nanoTime();
            list(token);
            openSince = System.nanoTime();
            return breakers.currentState(BREAKER) == CircuitBreakerState.OPEN;
        });
    }

    private void untilItIsClosed() {
        until(
                "two probes close it",
                () -> list(GenAuthStub.freshToken()).statusCode() == 200
                        && breakers.currentState(BREAKER) == CircuitBreakerState.CLOSED);
    }

    private Response list(String token) {
        return given().header("Authorization", "Bearer " + token).get(enrollable);
    }

    private static long roundedUp(long nanos) {
        return Math.max(1, Duration.ofNanos(nanos).plusMillis(999).toSeconds());
    }

    private static List<String> fresh(int count) {
        return IntStream.range(0, count).mapToObj(i -> GenAuthStub.freshToken()).toList();
    }
}
