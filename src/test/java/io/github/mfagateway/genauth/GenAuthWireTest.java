package io.github.mfagateway.genauth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import jakarta.inject.Inject;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import com.github.tomakehurst.wiremock.verification.LoggedRequest;

import io.github.mfagateway.support.GenAuthStub;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;
import io.smallrye.mutiny.Uni;

@QuarkusTest
@WithTestResource(GenAuthStub.class)
class GenAuthWireTest {

    @Inject
    GenAuthClient genauth;

    @Inject
    CircuitBreakerMaintenance breakers;

    private final String token = GenAuthStub.freshToken();

    @BeforeEach
    void closeBreakers() {
        breakers.resetAll();
    }

    @Test
    void theListCallFollowsTheContract() {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);

        assertEquals(List.of("OTP", "SMS", "EMAIL", "FACE"), list());

        LoggedRequest asked = GenAuthStub.requests(token).get(0);
        assertEquals("GET", asked.getMethod().getName());
        assertEquals("/api/v3/list-factors-to-enroll", asked.getUrl());
        assertEquals("Bearer " + token, asked.getHeader("Authorization"));
        assertEquals("60193c610f9117e7cb049159", asked.getHeader("x-authing-app-id"));
        assertEquals("en-US", asked.getHeader("x-authing-lang"));
        assertEquals("application/json", asked.getHeader("Accept"));
        assertEquals("genauth-mfa-gateway", asked.getHeader("User-Agent"));
        assertFalse(asked.containsHeader("traceparent"), "no collector is configured");
        assertFalse(asked.containsHeader("Accept-Encoding"), "a body we would have to inflate has no bound");
    }

    @Test
    void theOtherCallsFollowTheContract() {
        GenAuthStub.respond(
                token,
                "{\"statusCode\":200,\"data\":{\"enrollmentToken\":\"t\",\"factorId\":\"634931036f1551730edd2bb3|phone\",\"factorType\":\"SMS\"}}");
        EndUser user = new EndUser(new AccessToken(token), null, null);
        String factorId = "634931036f1551730edd2bb3|phone";

        assertEquals(factorId, await(genauth.getFactor(user, factorId)).factorId());
        assertEquals(1, await(genauth.listEnrolledFactors(user)).size());
        await(genauth.startEnrollment(user, new NewEnrollment("SMS", "18800008888", "+86", null)));
        await(genauth.startEnrollment(user, new NewEnrollment("OTP", null, null, null)));
        await(genauth.enroll(user, new EnrollmentVerification("FACE", "t", null, "key", true)));
        await(genauth.reset(user, factorId));

        assertEquals(
                List.of(
                        "GET /api/v3/get-factor?factorId=634931036f1551730edd2bb3%7Cphone ",
                        "GET /api/v3/list-enrolled-factors ",
                        "POST /api/v3/send-enroll-factor-request {\"factorType\":\"SMS\",\"profile\":{\"phoneNumber\":\"18800008888\",\"phoneCountryCode\":\"+86\"}}",
                        "POST /api/v3/send-enroll-factor-request {\"factorType\":\"OTP\"}",
                        "POST /api/v3/enroll-factor {\"factorType\":\"FACE\",\"enrollmentToken\":\"t\",\"enrollmentData\":{\"photo\":\"key\",\"isExternalPhoto\":true}}",
                        "POST /api/v3/reset-factor {\"factorId\":\"634931036f1551730edd2bb3|phone\"}"),
                GenAuthStub.requests(token).stream()
                        .map(asked -> asked.getMethod() + " " + asked.getUrl() + " " + asked.getBodyAsString())
                        .toList());
    }

    @Test
    void aUsersLanguageAndAddressAreSentToGenAuth() {
        GenAuthStub.respond(token, "{\"statusCode\":200,\"data\":[]}");

        await(genauth.listEnrolledFactors(new EndUser(new AccessToken(token), "ja-JP", "2001:db8::1")));

        LoggedRequest call = GenAuthStub.requests(token).get(0);
        assertEquals("ja-JP", call.getHeader("x-authing-lang"));
        assertEquals("2001:db8::1", call.getHeader("x-real-ip"));
    }

    @Test
    void a201IsASuccessOfAWriteButNotOfARead() {
        GenAuthStub.respond(token, GenAuthStub.json(201, "{\"statusCode\":200,\"data\":[]}"));

        assertTrue(await(genauth.reset(new EndUser(new AccessToken(token), null, null), "id")));

        assertThrows(GenAuthException.Failed.class, this::list);
    }

    private static <T> T await(Uni<AcceptedTokenResponse<T>> response) {
        return response.await().atMost(Duration.ofSeconds(10)).data();
    }

    @ParameterizedTest
    @CsvSource({
        "200, 401, TOKEN_REJECTED, 1",
        "200, 403, USER_FORBIDDEN, 1",
        "200, 404, REJECTED,       1",
        "200, 429, THROTTLED,      1",
        "429, 429, THROTTLED,      1",
        "200, 500, FAILED,         1",
        "500, 500, FAILED,         1",
        "200, 601, FAILED,         1",
        "502, 502, FAILED,         2",
        "503, 503, FAILED,         2",
        "200, 504, FAILED,         2",
    })
    void onlyWhatMayPassIsTriedOnceMore(int http, int statusCode, FailureKind failure, int calls) {
        earnARetry();
        GenAuthStub.respond(token, GenAuthStub.json(http, "{\"statusCode\":%d}".formatted(statusCode)));

        GenAuthException thrown = assertThrows(GenAuthException.class, this::list);

        assertEquals(failure, thrown.kind());
        assertEquals(calls, GenAuthStub.requests(token).size());
        assertEquals(0, thrown.getStackTrace().length);
    }

    @Test
    void aCallerWithAStaleResponseMakesOneCall() {
        earnARetry();
        GenAuthStub.respond(token, GenAuthStub.json(502, "{}"));

        assertThrows(
                GenAuthException.Failed.class, () -> await(genauth.listFactorsToEnrollOnce(new AccessToken(token))));

        assertEquals(1, GenAuthStub.requests(token).size());
    }

    @Test
    void silenceEndsAtTheDeadlineWithoutARetry() {
        List<Duration> took = new ArrayList<>();
        // a machine that does something else for a moment makes one try late, not three
        do {
            String silent = GenAuthStub.freshToken();
            GenAuthStub.respond(
                    silent, GenAuthStub.json(200, GenAuthStub.FOUR_TYPES).withFixedDelay(4000));

            long start = System.nanoTime();
            assertEquals(
                    FailureKind.TIMEOUT,
                    assertThrows(GenAuthException.class, () -> list(silent)).kind());

            took.add(Duration.ofNanos(System.nanoTime() - start));
            assertEquals(1, GenAuthStub.requests(silent).size());
        } while (Collections.min(took).toMillis() >= 2700 && took.size() < 3);
        assertTrue(Collections.min(took).toMillis() < 2700, "took " + took);
    }

    @Test
    void theBreakerOpensOnFailuresDressedAsSuccessAndSaysWhenToComeBack() {
        GenAuthStub.respond(token, "{\"statusCode\":500}");
        for (int i = 0; i < 10; i++) {
            assertThrows(GenAuthException.Failed.class, this::list);
        }

        GenAuthException open = assertThrows(GenAuthException.class, this::list);
        assertEquals(FailureKind.UNAVAILABLE, open.kind());
        Duration left = open.retryAfter().orElseThrow();

        assertTrue(left.toMillis() > 0 && left.toSeconds() <= 5);
        assertEquals(10, GenAuthStub.requests(token).size());
    }

    @Test
    void rejectedTokensLeaveTheBreakerClosed() {
        GenAuthStub.respond(token, "{\"statusCode\":401}");
        for (int i = 0; i < 40; i++) {
            assertEquals(
                    FailureKind.TOKEN_REJECTED,
                    assertThrows(GenAuthException.class, this::list).kind());
        }
    }

    private void earnARetry() {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        for (int i = 0; i < 10; i++) {
            list();
        }
        GenAuthStub.clearRequests();
    }

    private List<String> list() {
        return list(token);
    }

    private List<String> list(String token) {
        return genauth.listFactorsToEnroll(new AccessToken(token))
                .await()
                .atMost(Duration.ofSeconds(10))
                .data();
    }
}
