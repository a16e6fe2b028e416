package io.github.mfagateway.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.emptyString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

import io.github.mfagateway.support.GenAuthStub;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;

/** {@code Allow} names the methods that do not get 405, for OPTIONS and 405 alike. */
@QuarkusTest
@WithTestResource(GenAuthStub.class)
class AllowTest {

    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW");

    /** A path that is a resource's own name is a factor's id too. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /mfa/factors                        | GET, HEAD, OPTIONS, POST
            /mfa/factors/enrollable             | DELETE, GET, HEAD, OPTIONS
            /mfa/factors/enrollments            | DELETE, GET, HEAD, OPTIONS, POST
            /mfa/factors/nobody%7Cotp           | DELETE, GET, HEAD, OPTIONS
            /api/v3/list-factors-to-enroll      | GET, HEAD, OPTIONS
            /api/v3/list-enrolled-factors       | GET, HEAD, OPTIONS
            /api/v3/get-factor                  | GET, HEAD, OPTIONS
            /api/v3/get-factor?factorId=a%7Cotp | GET, HEAD, OPTIONS
            /api/v3/send-enroll-factor-request  | OPTIONS, POST
            /api/v3/enroll-factor               | OPTIONS, POST
            /api/v3/reset-factor                | OPTIONS, POST
            """)
    void exactlyTheMethodsOfAPathAreAllowed(String path, String allow) {
        Set<String> allowed = new TreeSet<>();
        for (String method : METHODS) {
            Response response = send(method, path);
            assertTrue(response.statusCode() < 500, method + " gives " + response.statusCode());
            if (response.statusCode() != 405) {
                allowed.add(method);
            }
            if (response.statusCode() == 405 || method.equals("OPTIONS")) {
                assertEquals(allow, response.header("Allow"), method);
                assertEquals("no-store", response.header("Cache-Control"), method);
            }
        }
        assertEquals(allow, String.join(", ", allowed));
    }

    @Test
    void everyDescribedOperationIsAllowed() {
        given().accept("application/json")
                .get("/q/openapi")
                .jsonPath()
                .<String, Map<String, Object>>getMap("paths")
                .forEach((path, item) -> {
                    List<String> allowed = List.of(send("OPTIONS", path.replace("{factorId}", "nobody%7Cotp"))
                            .header("Allow")
                            .split(", "));
                    item.keySet().stream()
                            .map(String::toUpperCase)
                            .filter(METHODS::contains)
                            .forEach(method -> assertTrue(allowed.contains(method), method + " " + path));
                });
    }

    @ParameterizedTest
    @CsvSource({"/mfa/factors/enrollable", "/api/v3/enroll-factor"})
    void optionsHasNoBody(String path) {
        send("OPTIONS", path)
                .then()
                .statusCode(200)
                .header("Content-Length", "0")
                .header("Cache-Control", "no-store")
                .body(emptyString());
    }

    @ParameterizedTest
    @FieldSource("METHODS")
    void aPathWithoutAResourceIsNotFoundWithAnyMethod(String method) {
        for (String path : List.of("/", "/mfa", "/mfa/factor", "/mfa/factors/a/b", "/mfa/factors/enrollable/x")) {
            Response response = send(method, path);
            assertEquals(404, response.statusCode(), method + " " + path);
            assertEquals("application/problem+json", response.contentType(), method + " " + path);
            assertNull(response.header("Allow"), method + " " + path);
        }
        for (String path : List.of("/api/v3", "/api/v3/get-profile", "/api/v3/get-factor/x")) {
            Response response = send(method, path);
            assertEquals(404, response.statusCode(), method + " " + path);
            assertEquals("application/json", response.contentType(), method + " " + path);
            assertNull(response.header("Allow"), method + " " + path);
        }
    }

    /** Without a token, so that nothing of it reaches GenAuth. */
    private static Response send(String method, String path) {
        return given().urlEncodingEnabled(false).request(method, path);
    }
}
