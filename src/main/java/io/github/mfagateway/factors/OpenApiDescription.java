package io.github.mfagateway.factors;

import java.util.Map;
import java.util.TreeMap;

import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

import io.quarkus.smallrye.openapi.OpenApiFilter;

/** Writes into the OpenAPI document, at build time, what every operation has in common: its ways to fail. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class OpenApiDescription implements OASFilter {

    private static final Map<String, String> PROBLEMS = new TreeMap<>(Map.of(
            "400", "malformed-token: not one well-formed Bearer token",
            "401", "missing-token, or token-refused: GenAuth does not accept the token. See WWW-Authenticate",
            "403", "user-refused: GenAuth knows the user and says no",
            "405", "method-not-allowed",
            "406", "not-acceptable: the answer is application/json",
            "500", "internal-error: a defect of the gateway",
            "502",
                    "genauth-failed: GenAuth failed or could not be reached. genauth-rejected: it refused the gateway's call",
            "503", "genauth-throttled, genauth-unavailable or overloaded: come back after Retry-After seconds",
            "504", "genauth-timeout: no answer within the deadline. not-cached: the request said only-if-cached"));

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
        document.getPaths().getPathItems().values().stream()
                .flatMap(path -> path.getOperations().values().stream())
                .forEach(operation -> PROBLEMS.forEach((status, when) -> {
                    if (!operation.getResponses().hasAPIResponse(status)) {
                        operation.getResponses().addAPIResponse(status, problem(when));
                    }
                }));
    }

    private static APIResponse problem(String when) {
        return OASFactory.createAPIResponse()
                .description(when)
                .content(OASFactory.createContent()
                        .addMediaType(
                                Problem.MEDIA_TYPE,
                                OASFactory.createMediaType()
                                        .schema(OASFactory.createSchema().ref("#/components/schemas/Problem"))));
    }

    private static Schema string(String description) {
        return OASFactory.createSchema().addType(SchemaType.STRING).description(description);
    }

    private static Schema integer(String description) {
        return OASFactory.createSchema().addType(SchemaType.INTEGER).description(description);
    }
}
