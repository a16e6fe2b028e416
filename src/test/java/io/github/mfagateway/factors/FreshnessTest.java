package io.github.mfagateway.factors;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static io.github.mfagateway.support.Until.until;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.both;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import org.hamcrest.Matcher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.github.tomakehurst.wiremock.http.Fault;

import io.github.mfagateway.support.GenAuthStub;
import io.github.mfagateway.support.Tokens;
import io.github.mfagateway.support.VirtualClock;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;

@QuarkusTest
@WithTestResource(GenAuthStub.class)
class FreshnessTest {

    private static final String FEWER = "{\"statusCode\":200,\"data\":[{\"factorType\":\"FACE\"}]}";
    private static final String DOWN = "{\"statusCode\":503}";

    @Inject
    VirtualClock clock;

    @Inject
    CircuitBreakerMaintenance breakers;

    @TestHTTPResource("/mfa/factors/enrollable")
    URL enrollable;

    private final String token = GenAuthStub.freshToken();

    @BeforeEach
    void closeBreakersAndStopTheClock() {
        breakers.resetAll();
        clock.stop();
    }

    @AfterEach
    void letTheClockGoOn() {
        clock.goOn();
    }

    @Test
    void aMissSaysThatItWasStoredAndAHitHowLongItIsFresh() {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);

        list(token)
                .header("Cache-Status", "genauth-mfa-gateway; fwd=uri-miss; stored")
                .header("Age", nullValue());
        clock.turn(Duration.ofSeconds(7));
        list(token)
                .header("Cache-Status", matchesPattern("genauth-mfa-gateway; hit; ttl=(1[89]|2[0-6])"))
                .header("Age", "7")
                .header("Cache-Control", "private, no-cache")
                .header("Vary", "Authorization");
    }

    @Test
    void aStaleResponseIsServedAtOnceAndRevalidatedInTheBackground() {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        list(token);
        clock.turn(Duration.ofSeconds(45));
        GenAuthStub.respond(token, FEWER);

        list(token)
                .header("Cache-Status", matchesPattern("genauth-mfa-gateway; hit; ttl=-1[0-9]; detail=revalidating"))
                .body("factors.size()", is(4));

        until(
                "GenAuth is called, or responds again",
                () -> GenAuthStub.requests(token).size() == 2);
        until(
                "GenAuth is called, or responds again",
                () -> list(token).extract().body().path("factors.size()").equals(1));
        assertEquals(2, GenAuthStub.requests(token).size());
    }

    @Test
    void aTooOldResponseIsLoadedAgain() {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        list(token);
        clock.turn(Duration.ofMinutes(2));
        GenAuthStub.respond(token, FEWER);

        list(token).header("Cache-Status", "genauth-mfa-gateway; fwd=stale").body("factors.size()", is(1));
    }

    @Test
    void aStaleResponseStandsInWhenGenAuthIsUnavailable() {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        list(token);
        clock.turn(Duration.ofMinutes(5));
        GenAuthStub.respond(token, GenAuthStub.json(429, ""));

        list(token)
                .statusCode(200)
                .header(
                        "Cache-Status",
                        matchesPattern("genauth-mfa-gateway; hit; ttl=-2[67][0-9]; detail=genauth-unavailable"))
                .header("Age", "300")
                .body("factors.size()", is(4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"statusCode\":401}", "{\"statusCode\":403}"})
    void aRejectionEndsTheCachedResponse(String refusal) {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        list(token);
        clock.turn(Duration.ofMinutes(2));
        GenAuthStub.respond(token, refusal);
        list(token).statusCode(matches4xx());
        clock.turn(Duration.ofSeconds(6));

        GenAuthStub.respond(token, DOWN);

        list(token).statusCode(502);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 418})
    void aProxysRejectionEndsNothing(int http) {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        list(token);
        clock.turn(Duration.ofMinutes(2));
        GenAuthStub.respond(token, GenAuthStub.json(http, "<html>blocked</html>"));

        list(token)
                .statusCode(200)
                .header("Cache-Status", endsWith("; detail=genauth-unavailable"))
                .body("factors.size()", is(4));
        given().header("Authorization", "Bearer " + token)
                .header("Cache-Control", "no-cache")
                .get(enrollable)
                .then()
                .statusCode(502)
                .body("type", is("/problems/genauth-failed"));
        given().header("Authorization", "Bearer " + token)
                .get("/mfa/factors")
                .then()
                .statusCode(502);
        list(token).statusCode(200);
    }

    /** Six known callers come now and then, and GenAuth hangs. */
    @Test
    void inAQuietOutageTheFirstCallerWaitsForTheSoftTimeoutAndTheNextOnesDoNot() {
        List<String> known = Stream.generate(GenAuthStub::freshToken).limit(6).toList();
        known.forEach(each -> {
            GenAuthStub.respond(each, GenAuthStub.FOUR_TYPES);
            list(each).statusCode(200);
            GenAuthStub.respond(each, GenAuthStub.json(200, FEWER).withFixedDelay(3000));
        });
        clock.turn(Duration.ofMinutes(2));

        for (int round = 0; round < 3; round++) {
            for (String each : known) {
                long start = System.nanoTime();
                list(each).statusCode(200).header("Cache-Status", endsWith("; detail=genauth-unavailable"));
                Duration waited = Duration.ofNanos(System.nanoTime() - start);
                assertTrue(waited.toMillis() < 2000, "waited for " + waited);
            }
        }
        known.forEach(each -> assertEquals(2, GenAuthStub.requests(each).size(), "one call in five seconds"));
    }

    @Test
    void aKnownCallerCostsAFailingGenAuthOneCallInFiveSeconds() {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        list(token);
        clock.turn(Duration.ofMinutes(2));
        GenAuthStub.respond(token, GenAuthStub.json(502, "<h1>Bad Gateway</h1>"));

        for (int second = 0; second < 25; second++) {
            list(token).statusCode(200).header("Cache-Status", endsWith("; detail=genauth-unavailable"));
            clock.turn(Duration.ofSeconds(1));
        }

        assertEquals(1 + 5, GenAuthStub.requests(token).size());
    }

    /** Whether anybody waits for it or not. */
    @Test
    void aLateResponseIsCached() {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        list(token);
        GenAuthStub.respond(token, FEWER);
        clock.turn(Duration.ofMinutes(2));
        try (GenAuthStub.Gate gate = GenAuthStub.hold(token)) {
            list(token).header("Cache-Status", endsWith("; detail=genauth-unavailable"));
            assertTrue(gate.isAsked());
        }

        until(
                "it is cached",
                () -> list(token).extract().header("Cache-Status").matches("genauth-mfa-gateway; hit; ttl=\\d+"));
        list(token).body("factors.size()", is(1));
        assertEquals(2, GenAuthStub.requests(token).size());
    }

    @Test
    void aRejectedTokenCallsGenAuthOncePerTtl() {
        GenAuthStub.respond(token, "{\"statusCode\":401,\"apiCode\":2020}");
        for (int i = 0; i < 20; i++) {
            list(token).statusCode(401);
        }
        assertEquals(1, GenAuthStub.requests(token).size());

        clock.turn(Duration.ofSeconds(5));
        list(token).statusCode(401);
        assertEquals(2, GenAuthStub.requests(token).size());
    }

    @Test
    void noCacheCallsGenAuthAndReportsTheFailure() {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        list(token);
        GenAuthStub.respond(token, FEWER);
        given().header("Authorization", "Bearer " + token)
                .header("Cache-Control", "no-cache")
                .get(enrollable)
                .then()
                .header("Cache-Status", "genauth-mfa-gateway; fwd=request")
                .body("factors.size()", is(1));

        GenAuthStub.respond(token, DOWN);
        given().header("Authorization", "Bearer " + token)
                .header("Cache-Control", "No-Cache")
                .get(enrollable)
                .then()
                .statusCode(502)
                .header("Cache-Status", nullValue());
        list(token).statusCode(200);
    }

    @Test
    void onlyIfCachedNeverCalls() {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        given().header("Authorization", "Bearer " + token)
                .header("Cache-Control", "max-age=5, only-if-cached")
                .get(enrollable)
                .then()
                .statusCode(504)
                .contentType("application/problem+json")
                .body("type", is("/problems/not-cached"));
        assertEquals(0, GenAuthStub.requests(token).size());

        list(token);
        given().header("Authorization", "Bearer " + token)
                .header("Cache-Control", "only-if-cached")
                .get(enrollable)
                .then()
                .statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "W/%s", "\"other\", %s", "\"other\",W/%s , \"third\"", "*"})
    void aMatchingEtagGets304(String ifNoneMatch) {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        String etag = list(token).extract().header("ETag");
        assertTrue(etag.matches("\"[A-Za-z0-9_-]{22}\""), etag);

        given().header("Authorization", "Bearer " + token)
                .header("If-None-Match", ifNoneMatch.formatted(etag))
                .get(enrollable)
                .then()
                .statusCode(304)
                .header("ETag", etag)
                .header("Cache-Control", "private, no-cache")
                .header("Vary", "Authorization")
                .header("Cache-Status", matchesPattern("genauth-mfa-gateway; hit; ttl=\\d+"))
                .header("Content-Type", nullValue())
                .body(equalTo(""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"other\"", "W/\"other\"", "", "garbage", ",,"})
    void anotherEtagGetsTheWholeResponse(String ifNoneMatch) {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);

        given().header("Authorization", "Bearer " + token)
                .header("If-None-Match", ifNoneMatch)
                .get(enrollable)
                .then()
                .statusCode(200);
    }

    @Test
    void equalResponsesHaveEqualTagsAndDifferentOnesDifferentTags() {
        String same = GenAuthStub.freshToken();
        String other = GenAuthStub.freshToken();
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        GenAuthStub.respond(same, GenAuthStub.FOUR_TYPES);
        GenAuthStub.respond(other, FEWER);

        Set<String> tags = List.of(token, same, other).stream()
                .map(each -> list(each).extract().header("ETag"))
                .collect(Collectors.toSet());

        assertEquals(2, tags.size());
    }

    @Test
    void nothingIsServedFromTheCacheAfterTheTokensExpiry() {
        String jwt = Tokens.jwt("user-" + token, clock.instant().plusSeconds(20));
        GenAuthStub.respond(jwt, GenAuthStub.FOUR_TYPES);
        list(jwt);
        clock.turn(Duration.ofSeconds(10));
        list(jwt).header("Cache-Status", matchesPattern("genauth-mfa-gateway; hit; ttl=[89]"));
        clock.turn(Duration.ofSeconds(10));
        GenAuthStub.respond(jwt, DOWN);

        list(jwt).statusCode(502);
    }

    @Test
    void aForgedTokenWithAVictimsClaimsFindsNothing() {
        String jwt = Tokens.jwt("victim-" + token, clock.instant().plusSeconds(600));
        GenAuthStub.respond(jwt, GenAuthStub.FOUR_TYPES);
        list(jwt).statusCode(200);
        String forged = jwt.substring(0, jwt.lastIndexOf('.') + 1) + "forged";
        GenAuthStub.respond(forged, "{\"statusCode\":401}");

        list(forged).statusCode(401);
        list(jwt).header("Cache-Status", matchesPattern("genauth-mfa-gateway; hit; ttl=\\d+"));
    }

    @Test
    void twoHundredCallersMakeOneCallAndThoseThatDisconnectDisturbNoOthers() throws Exception {
        GenAuthStub.respond(token, GenAuthStub.json(200, GenAuthStub.FOUR_TYPES).withFixedDelay(700));
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create(enrollable.toString()))
                .header("Authorization", "Bearer " + token)
                .build();

        // the first caller, whose request starts the load, disconnects
        Socket first = ask(token);
        until(
                "GenAuth is called, or responds again",
                () -> GenAuthStub.requests(token).size() == 1);
        List<CompletableFuture<HttpResponse<String>>> callers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            callers.add(http.sendAsync(request, BodyHandlers.ofString()));
            if (i % 10 == 0) {
                ask(token).close();
            }
        }
        first.close();

        for (CompletableFuture<HttpResponse<String>> caller : callers) {
            assertEquals(200, caller.get(10, TimeUnit.SECONDS).statusCode());
        }
        assertEquals(1, GenAuthStub.requests(token).size());
    }

    /** Ten minutes of virtual time: GenAuth is down after the first responses, with a request every 20 s. */
    @Test
    void knownCallersAreServedThroughAnOutageAndItEndsByItself() {
        String unknown = GenAuthStub.freshToken();
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        GenAuthStub.respond(unknown, aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));
        list(token).statusCode(200);
        GenAuthStub.respond(token, aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));

        boolean breakerOpened = false;
        for (int second = 0; second < 600; second += 20) {
            clock.turn(Duration.ofSeconds(20));
            list(token).statusCode(200).body("factors.size()", is(4));
            int status = list(unknown).extract().statusCode();
            assertTrue(status == 502 || status == 503, "status " + status);
            breakerOpened |= status == 503;
        }
        assertTrue(breakerOpened);

        clock.turn(Duration.ofSeconds(60));
        list(token).statusCode(matches5xx());

        GenAuthStub.respond(token, FEWER);
        GenAuthStub.respond(unknown, FEWER);
        until(
                "GenAuth is called, or responds again",
                () -> list(token).extract().statusCode() == 200
                        && list(unknown).extract().statusCode() == 200);
        list(token).body("factors.size()", is(1));
    }

    private ValidatableResponse list(String token) {
        return given().header("Authorization", "Bearer " + token)
                .get(enrollable)
                .then();
    }

    private Socket ask(String token) throws Exception {
        Socket socket = new Socket(enrollable.getHost(), enrollable.getPort());
        socket.getOutputStream()
                .write("GET %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n"
                        .formatted(enrollable.getPath(), token)
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static Matcher<Integer> matches4xx() {
        return both(greaterThanOrEqualTo(400)).and(lessThan(500));
    }

    private static Matcher<Integer> matches5xx() {
        return greaterThanOrEqualTo(500);
    }
}
