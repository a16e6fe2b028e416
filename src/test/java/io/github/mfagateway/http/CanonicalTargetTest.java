package io.github.mfagateway.http;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mfagateway.support.GenAuthStub;
import io.github.mfagateway.support.RawConnection;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;

@QuarkusTest
@WithTestResource(GenAuthStub.class)
class CanonicalTargetTest {

    @TestHTTPResource("/")
    URL gateway;

    private final String token = GenAuthStub.freshToken();

    static Stream<String> otherSpellings() {
        return Stream.concat(
                of("/mfa/factors/enrollable", "/mfa", "/factors", "enrollable"),
                of("/api/v3/list-factors-to-enroll", "/api", "/v3", "list-factors-to-enroll"));
    }

    private static Stream<String> of(String path, String root, String parent, String last) {
        String escaped = "%%%02x".formatted((int) last.charAt(0)) + last.substring(1);
        return Stream.of(
                root + parent + "/" + escaped,
                root + parent + "/" + escaped.toUpperCase().charAt(0)
                        + escaped.substring(1).replace('e', 'E'),
                root + parent + "/" + "%25" + escaped.substring(1),
                "/" + path,
                root + "/" + parent + "/" + last,
                root + parent + "//" + last,
                path + "/",
                path + "//",
                root + "/." + parent + "/" + last,
                path + "/.",
                root + "/x/.." + parent + "/" + last,
                root + "/../" + path.substring(1),
                path + "/x/..",
                root + "/%2e" + parent + "/" + last,
                root + "/x/%2e%2E" + parent + "/" + last,
                root + "/x/.%2e" + parent + "/" + last,
                "/q/.." + path,
                "/q/%2e%2e" + path,
                root + parent + "%2F" + last,
                root + parent + "%2f" + last,
                root + parent + "%5c" + last,
                path + ";v=1",
                root + ";v=1" + parent + "/" + last,
                path + "%3Bv=1",
                path + "%00",
                path + "%00.json",
                path + "%0d%0a",
                path + "%20",
                path + "%09",
                path + "%7f",
                // / and the first letter, and a dot, over-long
                root + parent + "%c0%af" + last,
                root + parent + "/%c1%a5" + last.substring(1),
                root + "/%c0%ae%c0%ae" + parent + "/" + last,
                // full width
                root + parent + "/%ef%bd%85" + last.substring(1),
                path + "#x");
    }

    @ParameterizedTest
    @MethodSource("otherSpellings")
    void anotherSpellingOfAPathIsRejectedAndClosesTheConnection(String path) throws Exception {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        for (String target : new String[] {path, path + "?x=y"}) {
            try (RawConnection connection = new RawConnection(gateway)) {
                String request = RawConnection.list(token);
                String response = connection
                        .send(request.replace("/mfa/factors/enrollable", target) + request)
                        .response();

                assertTrue(response.startsWith("HTTP/1.1 400 "), response);
                assertTrue(
                        response.contains(path.contains("/api/v3") ? "\"statusCode\":400" : "/problems/bad-request"),
                        response);
                assertEquals("", connection.rest());
            }
        }
        assertEquals(0, GenAuthStub.requests(token).size());
    }

    /** The first two are a factor's id as GenAuth makes them. */
    @ParameterizedTest
    @ValueSource(
            strings = {"634931036f1551730edd2bb3%7Cphone", "634931036f1551730edd2bb3%7cotp", "a:b@c=d,e+f", "x...y"})
    void aFactorsIdIsServedAsItComes(String id) {
        GenAuthStub.respond(token, """
                {"statusCode":200,"data":{"factorId":"x","factorType":"SMS","profile":{}}}""");
        given().urlEncodingEnabled(false)
                .header("Authorization", "Bearer " + token)
                .get("/mfa/factors/" + id)
                .then()
                .statusCode(200);
        assertEquals(1, GenAuthStub.requests(token).size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/q/openapi", "/q/swagger-ui/", "/mfa/factors/x%7Cy?z=%2e%2e//;%00", "/mfa/..x/.y/..."})
    void unambiguousPathsAreAccepted(String target) {
        assertTrue(CanonicalTarget.isCanonical(target), target);
    }

    /** 12 ms once, and then 60 connections were enough to stop the others. */
    @Test
    void manySegmentsCostNoMoreThanOneLongSegment() {
        String many = "/a".repeat(2000);
        long start = System.nanoTime();
        for (int i = 0; i < 2000; i++) {
            assertTrue(CanonicalTarget.isCanonical(many));
        }
        assertTrue(System.nanoTime() - start < 5_000_000_000L);
    }

    @Test
    void aPathAsLongAsALineMayBeIsJudged() {
        assertTrue(CanonicalTarget.isCanonical("/a%7C".repeat(819)));
        assertFalse(CanonicalTarget.isCanonical("/a%7C".repeat(818) + "/"));
    }
}
