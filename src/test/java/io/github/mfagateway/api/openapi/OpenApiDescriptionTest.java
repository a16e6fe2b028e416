package io.github.mfagateway.api.openapi;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.mfagateway.support.GenAuthStub;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;

/** The API describes itself, both faces of it. */
@QuarkusTest
@WithTestResource(GenAuthStub.class)
class OpenApiDescriptionTest {

    private static final Set<String> METHODS = Set.of("get", "post", "delete");

    private final Map<String, Operation> operations = new TreeMap<>();

    record Operation(String call, Map<String, Object> described) {
        @SuppressWarnings("unchecked")
        <T> T member(String name) {
            return (T) described.get(name);
        }
    }

    private JsonPath document() {
        JsonPath document = given().get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        Map<String, Map<String, Map<String, Object>>> paths = document.getMap("paths");
        paths.forEach((path, item) -> item.forEach((method, described) -> {
            if (METHODS.contains(method)) {
                operations.put((String) described.get("operationId"), new Operation(method + " " + path, described));
            }
        }));
        return document;
    }

    @Test
    void eachFaceHasItsSixOperations() {
        document();

        Map<String, String> calls = operations.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> each.getValue().call()));
        assertEquals(
                Map.ofEntries(
                        Map.entry("listEnrollableFactors", "get /mfa/factors/enrollable"),
                        Map.entry("listEnrolledFactors", "get /mfa/factors"),
                        Map.entry("getFactor", "get /mfa/factors/{factorId}"),
                        Map.entry("startEnrollment", "post /mfa/factors/enrollments"),
                        Map.entry("enroll", "post /mfa/factors"),
                        Map.entry("resetFactor", "delete /mfa/factors/{factorId}"),
                        Map.entry("listFactorsToEnroll", "get /api/v3/list-factors-to-enroll"),
                        Map.entry("sdkListEnrolledFactors", "get /api/v3/list-enrolled-factors"),
                        Map.entry("sdkGetFactor", "get /api/v3/get-factor"),
                        Map.entry("sendEnrollFactorRequest", "post /api/v3/send-enroll-factor-request"),
                        Map.entry("enrollFactor", "post /api/v3/enroll-factor"),
                        Map.entry("sdkResetFactor", "post /api/v3/reset-factor")),
                calls);
        operations.values().forEach(operation -> {
            String tag = operation.call().contains("/api/v3/") ? "genauth" : "factors";
            assertEquals(List.of(tag), operation.<List<String>>member("tags"), operation.call());
        });
    }

    @Test
    void everyOperationTakesABearerToken() {
        JsonPath document = document();

        assertEquals("http", document.getString("components.securitySchemes.user.type"));
        assertEquals("bearer", document.getString("components.securitySchemes.user.scheme"));
        Set<String> schemes = document.getMap("components.securitySchemes").keySet().stream()
                .map(String::valueOf)
                .collect(Collectors.toSet());
        operations.values().forEach(operation -> {
            List<Map<String, List<String>>> security = operation.member("security");
            assertEquals(1, security.size(), operation.call());
            security.forEach(each -> assertTrue(schemes.containsAll(each.keySet()), operation.call() + each));
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            listEnrollableFactors   | 200 304 400 401 403 405 406 413 414 421 431 500 502 503 504
            listEnrolledFactors     | 200 400 401 403 404 405 406 409 413 414 421 422 431 500 502 503 504
            getFactor               | 200 400 401 403 404 405 406 409 413 414 421 422 431 500 502 503 504
            startEnrollment         | 201 400 401 403 404 405 406 409 413 414 415 421 422 431 500 502 503 504
            enroll                  | 204 400 401 403 404 405 406 409 413 414 415 421 422 431 500 502 503 504
            resetFactor             | 204 400 401 403 404 405 406 409 413 414 421 422 431 500 502 503 504
            listFactorsToEnroll     | 200 304 400 401 403 405 406 413 414 421 429 431 500 502 503 504
            sdkListEnrolledFactors  | 200 400 401 403 405 406 413 414 421 429 431 500 502 503 504
            sdkGetFactor            | 200 400 401 403 405 406 413 414 421 429 431 500 502 503 504
            sendEnrollFactorRequest | 200 400 401 403 405 406 413 414 415 421 429 431 500 502 503 504
            enrollFactor            | 200 400 401 403 405 406 413 414 415 421 429 431 500 502 503 504
            sdkResetFactor          | 200 400 401 403 405 406 413 414 415 421 429 431 500 502 503 504
            """)
    void everyStatusAnOperationCanHaveIsThere(String operationId, String statuses) {
        document();

        Map<String, Object> responses = operations.get(operationId).member("responses");
        assertEquals(statuses, String.join(" ", new TreeSet<>(responses.keySet())));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            listEnrollableFactors   | Cache-Control If-None-Match
            listFactorsToEnroll     | Cache-Control If-None-Match x-authing-app-id x-genauth-app-id
            sdkListEnrolledFactors  | x-authing-app-id x-genauth-app-id
            sdkGetFactor            | x-authing-app-id x-genauth-app-id
            sendEnrollFactorRequest | x-authing-app-id x-genauth-app-id
            enrollFactor            | x-authing-app-id x-genauth-app-id
            sdkResetFactor          | x-authing-app-id x-genauth-app-id
            """)
    void theHeadersThatMatterAreThereAndNoneIsRequired(String operationId, String headers) {
        document();

        List<Map<String, Object>> parameters = operations.get(operationId).member("parameters");
        Set<String> described = new TreeSet<>();
        for (Map<String, Object> parameter : parameters) {
            if ("header".equals(parameter.get("in"))) {
                described.add((String) parameter.get("name"));
                assertTrue(!Boolean.TRUE.equals(parameter.get("required")), parameter.toString());
            }
        }
        assertEquals(headers, String.join(" ", described));
    }

    @Test
    void everythingThatIsReferredToIsThere() {
        JsonPath document = document();

        Map<String, Map<String, Object>> components = document.getMap("components");
        Set<String> there = components.entrySet().stream()
                .flatMap(kind ->
                        kind.getValue().keySet().stream().map(name -> "#/components/" + kind.getKey() + "/" + name))
                .collect(Collectors.toSet());
        Set<String> named = Pattern.compile("#/components/\\w+/[\\w-]+")
                .matcher(document.get("$").toString())
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toSet());
        assertTrue(named.contains("#/components/responses/problem-503"), named.toString());
        assertTrue(named.contains("#/components/schemas/Problem"), named.toString());
        assertTrue(there.containsAll(named), named + " are not all in " + there);
    }

    @Test
    void aFailureSaysWhatItIs() {
        JsonPath document = document();

        Map<String, Map<String, String>> responses = operations.get("getFactor").member("responses");
        String component = responses.get("404").get("$ref").replaceFirst(".*/", "");
        assertEquals(
                "genauth-rejected: GenAuth has no such factor",
                document.getString("components.responses.'" + component + "'.description"));
        assertEquals(
                "#/components/schemas/Problem",
                document.getString(
                        "components.responses.'" + component + "'.content.'application/problem+json'.schema.$ref"));
    }
}
