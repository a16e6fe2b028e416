package io.github.mfagateway.api;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.github.mfagateway.api.problem.ProblemType;
import io.github.mfagateway.support.GenAuthStub;
import io.github.mfagateway.support.Until;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;

/** The OpenAPI document describes what the gateway does. */
@QuarkusTest
@WithTestResource(GenAuthStub.class)
class OpenApiTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> METHODS = List.of("get", "post", "delete");
    private static final int REQUESTS_PER_OPERATION = 50;
    private static final Pattern REFERENCE = Pattern.compile("#/components/(\\w+)/([\\w-]+)");

    private JsonNode document;
    private List<Operation> operations;

    /** @param path with its parameters in braces */
    record Operation(String method, String path, JsonNode described) {

        boolean isSdk() {
            return path.startsWith("/api/v3/");
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    @BeforeEach
    void read() throws Exception {
        document = JSON.readTree(given().get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .extract()
                .asString());
        operations = new ArrayList<>();
        document.get("paths").properties().forEach(path -> path.getValue().properties().stream()
                .filter(method -> METHODS.contains(method.getKey()))
                .forEach(method -> operations.add(new Operation(method.getKey(), path.getKey(), method.getValue()))));
    }

    @Test
    void eachMethodOfEachResourceIsDescribed() {
        assertEquals(13, operations.size());
        document.get("paths").properties().forEach(path -> {
            Set<String> described = new TreeSet<>(methods(path.getValue()));
            if (path.getKey().matches("/mfa/factors/[^/]+")) {
                // also a factor's id
                described.addAll(methods(document.get("paths").get("/mfa/factors/{factorId}")));
            }
            String allow = given().options(path.getKey().replace("{factorId}", "x"))
                    .then()
                    .extract()
                    .header("Allow");
            assertEquals(described, new TreeSet<>(List.of(allow.split(", *"))), path.getKey());
        });
    }

    private static Set<String> methods(JsonNode path) {
        Set<String> methods = new TreeSet<>(Set.of("OPTIONS"));
        path.fieldNames().forEachRemaining(method -> methods.add(method.toUpperCase(Locale.ROOT)));
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        return methods;
    }

    @Test
    void eachReferenceLeadsToAComponent() {
        Set<String> broken = REFERENCE
                .matcher(document.toString())
                .results()
                .filter(reference -> document.at("/components/" + reference.group(1) + "/" + reference.group(2))
                        .isMissingNode())
                .map(MatchResult::group)
                .collect(Collectors.toSet());

        assertEquals(Set.of(), broken);
    }

    @Test
    void eachProblemTypeIsDescribedWithItsStatus() {
        JsonNode responses = document.at("/components/responses");
        for (ProblemType type : ProblemType.values()) {
            String name = type.name().toLowerCase(Locale.ROOT).replace('_', '-');
            JsonNode ofStatus = responses.path("problem-" + type.status());
            String description = ofStatus.isMissingNode()
                    ? responses.at("/problem-default/description").asText()
                    : ofStatus.path("description").asText();
            assertTrue(description.contains(name), type + " in: " + description);
            if (ofStatus.isMissingNode()) {
                assertTrue(description.contains(type.status() + " " + name), type + " in: " + description);
            }
        }
    }

    @Test
    void eachOperationButTheCheckOfTheSecretNeedsTheToken() {
        assertEquals("[{\"user\":[]}]", document.get("security").toString());
        assertEquals(
                List.of("post /api/v3/check-app-id-secret"),
                operations.stream()
                        .filter(operation -> operation.described().has("security"))
                        .map(Operation::toString)
                        .toList());
    }

    @Test
    void theSdkPathsHaveATagOfTheirOwn() {
        operations.forEach(operation -> assertEquals(
                operation.isSdk() ? "[\"genauth\"]" : "[\"factors\"]",
                operation.described().get("tags").toString(),
                operation.toString()));
    }

    /** Valid and invalid requests, generated from the document with a fixed seed. */
    @Test
    void noResponseIsUndescribed() throws Exception {
        awaitClosedBreakers();
        Random random = new Random(19);
        Set<Integer> seen = new TreeSet<>();
        for (Operation operation : operations) {
            for (int i = 0; i < REQUESTS_PER_OPERATION; i++) {
                seen.add(assertDescribed(operation, send(operation, random)));
            }
        }
        awaitClosedBreakers();
        assertTrue(
                seen.containsAll(Set.of(200, 201, 204, 304, 400, 401, 403, 406, 415, 502, 503, 504)), seen.toString());
    }

    /** Other tests, and this one, make GenAuth fail. */
    private static void awaitClosedBreakers() {
        String token = GenAuthStub.freshToken();
        GenAuthStub.respond(
                token,
                "{\"statusCode\":200,\"data\":{\"enrollmentToken\":\"t\",\"factorType\":\"SMS\",\"factorId\":\"a\"}}");
        Until.until(
                "both breakers are closed",
                () -> user(token).get("/mfa/factors").statusCode() == 200
                        && user(token)
                                        .body("{\"factorType\":\"OTP\"}")
                                        .post("/mfa/factors/enrollments")
                                        .statusCode()
                                == 201);
    }

    private static RequestSpecification user(String token) {
        return given().header("Authorization", "Bearer " + token).contentType("application/json");
    }

    private Response send(Operation operation, Random random) {
        String token = GenAuthStub.freshToken();
        GenAuthStub.respond(token, upstream(random));
        RequestSpecification request = given().urlEncodingEnabled(false);
        if (random.nextInt(8) > 0) {
            request.header("Authorization", (random.nextInt(8) > 0 ? "Bearer " : "Digest ") + token);
        }
        if (random.nextInt(4) == 0) {
            request.header(
                    "Accept",
                    List.of("text/html", "", "*/*", "application/problem+json").get(random.nextInt(4)));
        }
        String path = operation.path();
        for (JsonNode reference : operation.described().path("parameters")) {
            JsonNode parameter = resolved(reference);
            String name = parameter.get("name").asText();
            if (parameter.get("in").asText().equals("path")) {
                path = path.replace("{" + name + "}", random.nextInt(6) > 0 ? "abc%7Cphone" : "x".repeat(257));
            } else if (parameter.get("in").asText().equals("query") && random.nextInt(6) > 0) {
                path += "?" + name + "=abc%7Cphone";
            } else if (name.equals("Cache-Control") && random.nextBoolean()) {
                request.header(name, random.nextBoolean() ? "only-if-cached" : "no-cache");
            } else if (name.equals("If-None-Match") && random.nextBoolean()) {
                request.header(name, "*");
            } else if (name.endsWith("app-id") && random.nextInt(8) == 0) {
                request.header(name, "another");
            }
        }
        if (random.nextInt(24) == 0) {
            path += (path.contains("?") ? "&" : "?") + "more=" + "x".repeat(5000);
        }
        JsonNode body = operation.described().at("/requestBody/content/application~1json/schema");
        if (!body.isMissingNode()) {
            if (random.nextInt(16) == 0) {
                request.header("Content-Encoding", "gzip");
            }
            List<String> odd = List.of("{\"factorType\":", "[]", "null", "7", "{\"unknown\":1}", "{\"factorType\":[]}");
            request.contentType(random.nextInt(8) > 0 ? "application/json" : "text/plain")
                    .body(random.nextInt(6) > 0 ? value(body, random, false).toString() : odd.get(random.nextInt(6)));
        }
        return request.request(operation.method(), path);
    }

    private static com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder upstream(Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> GenAuthStub.json(200, "{\"statusCode\":401,\"message\":\"\",\"apiCode\":2020}");
            case 1 -> GenAuthStub.json(200, "{\"statusCode\":403,\"message\":\"\",\"apiCode\":2005}");
            case 2 -> GenAuthStub.json(200, "{\"statusCode\":404,\"message\":\"\"}");
            case 3 -> GenAuthStub.json(429, "{\"statusCode\":429,\"message\":\"\"}");
            case 4 -> GenAuthStub.json(503, "<h1>503</h1>");
            default ->
                GenAuthStub.json(
                        200,
                        "{\"statusCode\":200,\"message\":\"\",\"data\":{\"enrollmentToken\":\"t\",\"factorId\":\"a|phone\","
                                + "\"factorType\":\"SMS\",\"profile\":{\"phoneNumber\":\"1\"}}}");
        };
    }

    /** A value of the schema; sometimes one that is not. */
    private JsonNode value(JsonNode reference, Random random, boolean optional) {
        JsonNode schema = resolved(reference);
        if (random.nextInt(12) == 0) {
            return JSON.getNodeFactory().numberNode(1);
        }
        switch (schema.path("type").asText()) {
            case "object":
                ObjectNode object = JSON.createObjectNode();
                Set<String> required = new TreeSet<>();
                schema.path("required").forEach(name -> required.add(name.asText()));
                schema.path("properties").properties().forEach(member -> {
                    boolean needed = required.contains(member.getKey());
                    if (random.nextInt(needed ? 12 : 2) > 0 || needed && !optional && random.nextInt(3) > 0) {
                        object.set(member.getKey(), value(member.getValue(), random, !needed));
                    }
                });
                return object;
            case "boolean":
                return JSON.getNodeFactory().booleanNode(random.nextBoolean());
            default:
                int most = schema.path("maxLength").asInt(10);
                String text = schema.path("example").asText("text");
                return JSON.getNodeFactory().textNode(random.nextInt(12) > 0 ? text : "y".repeat(most + 1));
        }
    }

    private int assertDescribed(Operation operation, Response response) throws Exception {
        int status = response.statusCode();
        String what = operation + " " + status + " " + response.asString();
        JsonNode responses = operation.described().get("responses");
        JsonNode described =
                resolved(responses.has("" + status) ? responses.get("" + status) : responses.get("default"));
        if (!responses.has("" + status)) {
            assertTrue(described.get("description").asText().contains("" + status), what);
        }
        Set<String> headers = new TreeSet<>();
        described.path("headers").fieldNames().forEachRemaining(headers::add);
        for (String name : List.of(
                "Cache-Control", "ETag", "Cache-Status", "Age", "Vary", "Retry-After", "WWW-Authenticate", "Allow")) {
            assertTrue(response.header(name) == null || headers.contains(name), name + " in " + what);
        }
        JsonNode content = described.path("content");
        String type = Optional.ofNullable(response.contentType()).orElse("").replaceFirst(";.*", "");
        if (content.isMissingNode()) {
            assertEquals("", type, what);
            assertEquals("", response.asString(), what);
        } else {
            assertTrue(content.has(type), type + " of " + what);
            assertValid(content.get(type).get("schema"), JSON.readTree(response.asString()), what);
        }
        return status;
    }

    private void assertValid(JsonNode reference, JsonNode value, String what) {
        JsonNode schema = resolved(reference);
        String type = schema.path("type").asText();
        switch (type) {
            case "object" -> {
                assertTrue(value.isObject(), what);
                schema.path("required").forEach(name -> assertTrue(value.has(name.asText()), name + " in " + what));
                value.properties().forEach(member -> {
                    JsonNode property = schema.path("properties").path(member.getKey());
                    if (property.isMissingNode()) {
                        assertTrue(schema.path("additionalProperties").asBoolean(), member.getKey() + " in " + what);
                    } else {
                        assertValid(property, member.getValue(), what);
                    }
                });
            }
            case "array" -> {
                assertTrue(value.isArray(), what);
                value.forEach(item -> assertValid(schema.get("items"), item, what));
            }
            case "string" -> {
                assertTrue(value.isTextual(), what);
                int length = value.textValue().length();
                assertTrue(length >= schema.path("minLength").asInt(0), what);
                assertTrue(length <= schema.path("maxLength").asInt(Integer.MAX_VALUE), what);
                assertTrue(value.textValue().matches(schema.path("pattern").asText("(?s).*")), what);
            }
            case "integer" -> assertTrue(value.isInt(), what);
            case "" -> {
                // any value
            }
            default -> throw new AssertionError(type);
        }
    }

    private JsonNode resolved(JsonNode node) {
        if (!node.has("$ref")) {
            return node;
        }
        Matcher reference = REFERENCE.matcher(node.get("$ref").asText());
        assertTrue(reference.matches(), node.toString());
        return document.at("/components/" + reference.group(1) + "/" + reference.group(2));
    }
}
