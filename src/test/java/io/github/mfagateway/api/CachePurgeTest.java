package io.github.mfagateway.api;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.inject.Inject;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mfagateway.support.GenAuthStub;
import io.github.mfagateway.support.LoggedLines;
import io.github.mfagateway.support.Tokens;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;

@QuarkusTest
@WithTestResource(GenAuthStub.class)
class CachePurgeTest {

    @Inject
    CircuitBreakerMaintenance breakers;

    @TestHTTPResource(value = "/cache/purge", management = true)
    URL purge;

    private final String subject = UUID.randomUUID().toString();
    private final String token = Tokens.jwt(subject, Instant.now().plusSeconds(600));
    private final String other =
            Tokens.jwt(UUID.randomUUID().toString(), Instant.now().plusSeconds(600));

    @BeforeEach
    void closeBreakers() {
        breakers.resetAll();
    }

    @Test
    void onlyThisUsersResponsesAreRemovedAndTheLogDoesNotNameTheUser() {
        list(token);
        list(other);
        try (LoggedLines log = new LoggedLines(CachePurgeRoute.class.getName(), "")) {
            given().formParam("subject", subject).post(purge).then().statusCode(204);

            assertEquals(List.of("cache purged: the responses of one user"), log.lines());
        }

        assertEquals(2, callsAfterAnother(token));
        assertEquals(1, callsAfterAnother(other));
    }

    @Test
    void withoutASubjectAllResponsesAreRemoved() {
        list(token);
        list(other);

        given().post(purge).then().statusCode(204);

        assertEquals(2, callsAfterAnother(token));
        assertEquals(2, callsAfterAnother(other));
    }

    @ParameterizedTest
    @ValueSource(strings = {"subject=", "subject=a&subject=b", "subjekt=a", "subject=a&token=b", "{}"})
    void anythingElseIsABadRequestAndRemovesNothing(String body) {
        list(token);

        given().body(body).post(purge).then().statusCode(400);

        assertEquals(1, callsAfterAnother(token));
    }

    @Test
    void callersCannotPurge() {
        given().post("/q/cache/purge").then().statusCode(404);
        assertTrue(given().get(purge).statusCode() >= 404);
    }

    private static void list(String token) {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        callsAfterAnother(token);
    }

    private static int callsAfterAnother(String token) {
        given().header("Authorization", "Bearer " + token)
                .get("/mfa/factors/enrollable")
                .then()
                .statusCode(200);
        return GenAuthStub.requests(token).size();
    }
}
