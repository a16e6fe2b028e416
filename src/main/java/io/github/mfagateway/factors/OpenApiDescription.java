package io.github.mfagateway.factors;

import java.util.Map;
import java.util.TreeMap;

import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;

import io.quarkus.smallrye.openapi.OpenApiFilter;

/** Writes into the OpenAPI document, at build time, what every operation has in common: its ways to fail. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class OpenApiDescription implements OASFilter {

    private static final Map<String, String> PROBLEMS = new TreeMap<>(Map.ofEntries(
            Map.entry("400", "malformed-token: not one well-formed Bearer token. bad-request: see detail"),
            Map.entry(
                    "401", "missing-token, or token-refused: GenAuth does not accept the token. See WWW-Authenticate"),
            Map.entry("403", "user-refused: GenAuth knows the user and says no"),
            Map.entry("405", "method-not-allowed"),
            Map.entry("406", "not-acceptable: the answer is application/json"),
            Map.entry("500", "internal-error: a defect of the gateway"),
            Map.entry(
                    "502",
                    "genauth-failed: GenAuth failed or could not be reached. genauth-rejected: it refused the gateway's call"),
            Map.entry(
                    "503", "genauth-throttled, genauth-unavailable or overloaded: come back after Retry-After seconds"),
            Map.entry(
                    "504",
                    "genauth-timeout: no answer within the deadline. not-cached: the request said only-if-cached")));

    private static final Map<String, String> SIBLINGS_PROBLEMS = new TreeMap<>(Map.of(
            "404", "genauth-rejected: GenAuth knows no such factor",
            "409", "genauth-rejected: GenAuth sees a conflict",
            "413", "content-too-large, or genauth-rejected",
            "415", "unsupported-media-type: bodies are application/json",
            "422", "genauth-rejected: GenAuth cannot do that"));

    private static final Map<String, String> ENVELOPES = new TreeMap<>(Map.of(
            "200", "What GenAuth says, success and failure: see statusCode and apiCode",
            "400", "The body is not the JSON it should be",
            "404", "Only six paths exist under /api/v3",
            "413", "The body is too long",
            "429", "GenAuth limits the rate of calls: come back after Retry-After seconds",
            "502", "GenAuth failed or could not be reached",
            "503", "GenAuth is not asked for a moment: come back after Retry-After seconds",
            "504", "No answer within the deadline"));

    @Override
    public void filterOpenAPI(OpenAPI document) {
        document.getComponents()
                .addSchema(
                        "Problem",
                        OASFactory.createSchema()
                                .addType(SchemaType.OBJECT)
                                .description(
                                        "Problem details (RFC 9457); the genauth members are there when GenAuth answered")
                                .addProperty(
                                        "type",
                                        string("what went wrong, relative to this service: /problems/token-refused"))
                                .addProperty("title", string("the same for a person"))
                                .addProperty("status", integer("the HTTP status"))
                                .addProperty("detail", string("what to do about it"))
                                .addProperty("genauthStatusCode", integer("GenAuth's statusCode"))
                                .addProperty("genauthApiCode", integer("GenAuth's apiCode"))
                                .addProperty("genauthRequestId", string("for GenAuth's support")));
        document.getComponents()
                .addSchema(
                        "GenAuthAnswer",
                        OASFactory.createSchema()
                                .addType(SchemaType.OBJECT)
                                .description("GenAuth's envelope")
                                .addProperty("statusCode", integer("200 is success, nothing else is"))
                                .addProperty("message", string("for a person; never to be matched on"))
                                .addProperty("apiCode", integer("GenAuth's finer code"))
                                .addProperty("requestId", string("for GenAuth's support"))
                                .addProperty(
                                        "data",
                                        OASFactory.createSchema()
                                                .description("what the call is for, in GenAuth's own shape")));
        document.getPaths()
                .getPathItems()
                .forEach((path, item) -> item.getOperations().values().forEach(operation -> {
                    if (path.startsWith(ProblemMapper.GENAUTHS_FACE)) {
                        operation.setResponses(OASFactory.createAPIResponses());
                        add(operation, ENVELOPES, "application/json", "GenAuthAnswer");
                        return;
                    }
                    add(operation, PROBLEMS, Problem.MEDIA_TYPE, "Problem");
                    if (!path.endsWith("/enrollable")) {
                        add(operation, SIBLINGS_PROBLEMS, Problem.MEDIA_TYPE, "Problem");
                    }
                }));
    }

    private static void add(Operation operation, Map<String, String> responses, String mediaType, String schema) {
        responses.forEach((status, when) -> {
            if (!operation.getResponses().hasAPIResponse(status)) {
                operation
                        .getResponses()
                        .addAPIResponse(
                                status,
                                OASFactory.createAPIResponse()
                                        .description(when)
                                        .content(OASFactory.createContent()
                                                .addMediaType(
                                                        mediaType,
                                                        OASFactory.createMediaType()
                                                                .schema(OASFactory.createSchema()
                                                                        .ref("#/components/schemas/" + schema)))));
            }
        });
    }

    private static Schema string(String description) {
        return OASFactory.createSchema().addType(SchemaType.STRING).description(description);
    }

    private static Schema integer(String description) {
        return OASFactory.createSchema().addType(SchemaType.INTEGER).description(description);
    }
}
