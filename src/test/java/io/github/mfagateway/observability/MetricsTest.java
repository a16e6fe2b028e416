package io.github.mfagateway.observability;

import static io.github.mfagateway.support.Until.until;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.inject.Inject;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.mfagateway.support.GenAuthStub;
import io.github.mfagateway.support.RawConnection;
import io.github.mfagateway.support.VirtualClock;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;

@QuarkusTest
@WithTestResource(GenAuthStub.class)
class MetricsTest {

    private static final List<String> OPERATIONS = List.of(
            "list-factors-to-enroll",
            "list-enrolled-factors",
            "get-factor",
            "send-enroll-factor-request",
            "enroll-factor",
            "reset-factor");

    @TestHTTPResource("/")
    URL gateway;

    @TestHTTPResource(value = "/metrics", management = true)
    URL metrics;

    @Inject
    VirtualClock clock;

    @Inject
    CircuitBreakerMaintenance breakers;

    private final String token = GenAuthStub.freshToken();

    @BeforeEach
    void closeBreakers() {
        breakers.resetAll();
    }

    @Test
    void everySeriesIsThereBeforeAnythingHappens() {
        String all = scrape();
        for (String outcome :
                "fresh revalidating stale shared miss collapsed expired bypass rejected failed not_cached".split(" ")) {
            assertThere(all, "mfa_responses_total{outcome=\"" + outcome + "\"}");
        }
        for (String outcome : "success unavailable overloaded rejected forbidden failed".split(" ")) {
            assertThere(all, "mfa_revalidations_total{outcome=\"" + outcome + "\"}");
        }
        for (String series : List.of(
                "mfa_cache_entries",
                "mfa_cache_bytes",
                "mfa_cache_max_bytes",
                "mfa_invalidations_total",
                "mfa_shared_invalidations_total{scope=\"one\"}",
                "mfa_shared_invalidations_total{scope=\"all\"}",
                "mfa_shared_invalidations_pending",
                "mfa_shared_unavailable",
                "genauth_circuit_breaker_state{calls=\"reads\"}",
                "genauth_circuit_breaker_state{calls=\"writes\"}",
                "genauth_retry_budget_ratio",
                "genauth_bulkhead_running",
                "genauth_bulkhead_waiting",
                "genauth_bulkhead_limit")) {
            assertThere(all, series);
        }
        for (String outcome : "hit miss invalid failed timeout unavailable".split(" ")) {
            assertThere(all, shared("lookup", outcome));
        }
        for (String outcome : "stored outdated full failed timeout unavailable".split(" ")) {
            assertThere(all, shared("store", outcome));
        }
        for (String outcome : "done failed timeout unavailable".split(" ")) {
            assertThere(all, shared("invalidate", outcome));
            assertThere(all, shared("remove", outcome));
        }
        for (String operation : OPERATIONS) {
            assertThere(all, "genauth_retries_total{operation=\"" + operation + "\"}");
            for (String outcome :
                    "success token_rejected user_forbidden input_rejected rejected failed timeout throttled unavailable overloaded cancelled"
                            .split(" ")) {
                assertThere(
                        all,
                        "genauth_calls_seconds_count{operation=\"" + operation + "\",outcome=\"" + outcome + "\"}");
                if (!Set.of("unavailable", "overloaded").contains(outcome)) {
                    assertThere(
                            all,
                            "genauth_exchanges_seconds_count{operation=\"" + operation + "\",outcome=\"" + outcome
                                    + "\"}");
                }
            }
        }
    }

    @Test
    void responsesAndCallsAreCountedByOutcome() {
        double misses = responses("miss");
        double hits = responses("fresh");
        double calls = calls("success");
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        list(token);
        list(token);
        list(token);

        assertEquals(misses + 1, responses("miss"));
        assertEquals(hits + 2, responses("fresh"));
        assertEquals(calls + 1, calls("success"));

        double notCached = responses("not_cached");
        double failed = responses("failed");
        given().header("Authorization", "Bearer " + GenAuthStub.freshToken())
                .header("Cache-Control", "only-if-cached")
                .get("/mfa/factors/enrollable")
                .then()
                .statusCode(504);
        assertEquals(notCached + 1, responses("not_cached"));
        assertEquals(failed, responses("failed"));

        double refused = responses("rejected");
        double refusals = calls("token_rejected");
        String bad = GenAuthStub.freshToken();
        GenAuthStub.respond(bad, "{\"statusCode\":401}");
        list(bad);
        list(bad);
        assertEquals(refused + 2, responses("rejected"));
        assertEquals(refusals + 1, calls("token_rejected"));
    }

    @Test
    void cacheHitsAreCountedLikeOtherResponses() throws IOException {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        list(token);
        double hits = responses("fresh");
        double requests = requests("/mfa/factors/enrollable", 200);
        try (RawConnection connection = new RawConnection(gateway)) {
            for (int i = 0; i < 4; i++) {
                connection.send(RawConnection.list(token)).response();
            }
        }

        assertEquals(hits + 4, responses("fresh"));
        until("they are counted", () -> requests("/mfa/factors/enrollable", 200) >= requests + 4);
    }

    @Test
    void aFailedRefreshShowsHereAndNowhereElse() {
        double unavailable = value("mfa_revalidations_total{outcome=\"unavailable\"}");
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        list(token);
        clock.turn(Duration.ofSeconds(45));
        GenAuthStub.respond(token, "{\"statusCode\":500}");

        assertEquals(200, list(token));

        until("it is counted", () -> value("mfa_revalidations_total{outcome=\"unavailable\"}") == unavailable + 1);
    }

    @Test
    void requestsAreCountedByRouteAndStatusAndNeverByPath() {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        double before = requests("/mfa/factors/enrollable", 200);
        list(token);
        list(token);
        // a request is counted after its response is written, so a caller can see the response first
        until("both are counted", () -> requests("/mfa/factors/enrollable", 200) == before + 2);

        String factorId = "f" + token;
        given().header("Authorization", "Bearer " + token).get("/mfa/factors/" + factorId);
        given().get("/nowhere/" + factorId);

        until("the route's is counted", () -> isThere("uri=\"/mfa/factors/{factorId}\""));
        until("the path's without a route is counted", () -> isThere("status=\"404\",uri=\"UNKNOWN\""));
        assertFalse(scrape().contains(factorId));
    }

    @Test
    void earlyRejectionsAreCountedToo() throws IOException {
        String series =
                "http_server_requests_seconds_count{method=\"GET\",outcome=\"CLIENT_ERROR\",status=\"%d\",uri=\"UNKNOWN\"}";
        for (Map.Entry<String, Integer> rejected : Map.of(
                        "GET http://other/ HTTP/1.1\r\nHost: x\r\n\r\n",
                        421,
                        "GET /mfa//factors HTTP/1.1\r\nHost: x\r\n\r\n",
                        400,
                        "GET /" + "x".repeat(5000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
                        414,
                        "GET / HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(13_000) + "\r\n\r\n",
                        431)
                .entrySet()) {
            String counted = series.formatted(rejected.getValue());
            double before = valueOrZero(counted);
            try (RawConnection connection = new RawConnection(gateway)) {
                connection.send(rejected.getKey()).response();
            }
            until("it is counted", () -> valueOrZero(counted) >= before + 1);
        }
    }

    @Test
    void whatCallersMakeUpIsNoLabel() throws IOException {
        String secret = "s" + token.replace("-", "");
        for (String method : List.of("GET", "OPTIONS", "PUT", "POST", "TRACE", secret.toUpperCase(Locale.ROOT))) {
            for (String path : List.of("/mfa/factors/", "/nowhere/", "/q/", "/api/v3/")) {
                try (RawConnection connection = new RawConnection(gateway)) {
                    String response = connection
                            .send(method + " " + path + secret + " HTTP/1.1\r\nHost: x\r\n\r\n")
                            .response();
                    assertTrue(response.startsWith("HTTP/1.1 "), response);
                }
            }
        }
        until("the last is counted", () -> isThere("method=\"_OTHER\""));
        assertFalse(scrape().toLowerCase(Locale.ROOT).contains(secret));
    }

    @Test
    void responseTimesHaveBuckets() {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        list(token);
        String series = "(?m)^http_server_requests_seconds_bucket\\{method=\"GET\",outcome=\"SUCCESS\",status=\"200\","
                + "uri=\"/mfa/factors/enrollable\",le=\"([^\"]+)\"}";
        until("they are there", () -> Pattern.compile(series).matcher(scrape()).find());
        assertEquals(
                List.of("0.005", "0.025", "0.1", "0.15", "0.2", "0.3", "1.0", "2.5", "3.0", "+Inf"),
                Pattern.compile(series)
                        .matcher(scrape())
                        .results()
                        .map(bucket -> bucket.group(1))
                        .toList());
    }

    @Test
    void anOpenBreakerShows() {
        GenAuthStub.respond(token, "{\"statusCode\":500}");

        until("it shows", () -> {
            list(token);
            return value("genauth_circuit_breaker_state{calls=\"reads\"}") == 2;
        });
    }

    private static String shared(String operation, String outcome) {
        return "mfa_shared_operations_seconds_count{operation=\"" + operation + "\",outcome=\"" + outcome + "\"}";
    }

    private double requests(String route, int status) {
        String series = "http_server_requests_seconds_count{method=\"GET\",outcome=\"SUCCESS\",status=\"" + status
                + "\",uri=\"" + route + "\"}";
        return valueOrZero(series);
    }

    /** A series of requests is not there before the first. */
    private double valueOrZero(String series) {
        return scrape().contains("\n" + series + " ") ? value(series) : 0;
    }

    private double responses(String outcome) {
        return value("mfa_responses_total{outcome=\"" + outcome + "\"}");
    }

    private double calls(String outcome) {
        return value("genauth_calls_seconds_count{operation=\"list-factors-to-enroll\",outcome=\"" + outcome + "\"}");
    }

    private double value(String series) {
        Matcher value =
                Pattern.compile("(?m)^" + Pattern.quote(series) + " (\\S+)$").matcher(scrape());
        assertTrue(value.find(), series + " is not there");
        return Double.parseDouble(value.group(1));
    }

    private static void assertThere(String all, String series) {
        assertTrue(all.contains("\n" + series + " "), series + " is not there");
    }

    private boolean isThere(String labels) {
        return Pattern.compile("(?m)^http_server_requests_seconds_count\\{.*" + Pattern.quote(labels))
                .matcher(scrape())
                .find();
    }

    private String scrape() {
        return given().get(metrics).asString();
    }

    private static int list(String token) {
        return given().header("Authorization", "Bearer " + token)
                .get("/mfa/factors/enrollable")
                .statusCode();
    }
}
