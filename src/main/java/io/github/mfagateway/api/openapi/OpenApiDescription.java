package io.github.mfagateway.api.openapi;

import java.util.Map;
import java.util.stream.Stream;

import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;

import io.github.mfagateway.api.problem.ProblemMapper;
import io.quarkus.smallrye.openapi.OpenApiFilter;

/** Adds the failures of all operations to the OpenAPI document at build time. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class OpenApiDescription implements OASFilter {

    private static final OpenApiResponses PROBLEMS = OpenApiResponses.problems(
            "problem",
            Map.ofEntries(
                    Map.entry("400", "malformed-token: not one well-formed Bearer token. bad-request: see detail"),
                    Map.entry(
                            "401", "missing-token, or token-refused: GenAuth rejected the token. See WWW-Authenticate"),
                    Map.entry("403", "user-refused: GenAuth forbids the user"),
                    Map.entry("405", "method-not-allowed"),
                    Map.entry("406", "not-acceptable: the response is application/json"),
                    Map.entry("413", "content-too-large: a body over 16 KiB"),
                    Map.entry("421", "misdirected-request: send a path, not an absolute URI"),
                    Map.entry("500", "internal-error: a defect of the gateway"),
                    Map.entry(
                            "502",
                            "genauth-failed: GenAuth failed or is unreachable. genauth-rejected: it rejected the gateway's call"),
                    Map.entry(
                            "503",
                            "genauth-throttled, genauth-unavailable or overloaded: retry after Retry-After seconds"),
                    Map.entry(
                            "504",
                            "genauth-timeout: no response within the deadline. not-cached: the request has only-if-cached")));

    private static final OpenApiResponses FACTORS_PROBLEMS = OpenApiResponses.problems(
            "factors-problem",
            Map.of(
                    "404", "genauth-rejected: GenAuth has no such factor",
                    "409", "genauth-rejected: GenAuth reports a conflict",
                    "413", "content-too-large: a body over 16 KiB. genauth-rejected: too large for GenAuth",
                    "422", "genauth-rejected: GenAuth cannot process the request"));

    private static final OpenApiResponses BODY_PROBLEMS =
            OpenApiResponses.problems("problem", Map.of("415", "unsupported-media-type: bodies are application/json"));

    private static final OpenApiResponses ENVELOPES = OpenApiResponses.envelopes(Map.ofEntries(
            Map.entry("200", "GenAuth's success or failure: see statusCode and apiCode"),
            Map.entry("400", "The request is malformed: its body is not valid JSON, or its path is not canonical"),
            Map.entry("401", "GenAuth rejected the token by HTTP status; usually by statusCode"),
            Map.entry("403", "GenAuth forbids the user by HTTP status; usually by statusCode"),
            Map.entry("405", "The method is not one of Allow"),
            Map.entry("406", "The response is application/json"),
            Map.entry("413", "The body is over 16 KiB"),
            Map.entry("421", "Send a path, not an absolute URI"),
            Map.entry("429", "GenAuth limits the rate of calls: retry after Retry-After seconds"),
            Map.entry("500", "A defect of the gateway"),
            Map.entry("502", "GenAuth failed or is unreachable"),
            Map.entry("503", "No calls to GenAuth at the moment: retry after Retry-After seconds"),
            Map.entry("504", "No response within the deadline, or not cached and the request has only-if-cached")));

    private static final OpenApiResponses BODY_ENVELOPES =
            OpenApiResponses.envelopes(Map.of("415", "Bodies are application/json"));

    // sent by Netty's codec, without a body
    private static final OpenApiResponses UNREADABLE = OpenApiResponses.withoutBody(
            "unreadable",
            Map.of(
                    "414", "The request's first line is over 4 KiB; without a body",
                    "431", "The request's headers are over 12 KiB; without a body"));

    @Override
    public void filterOpenAPI(OpenAPI document) {
        OpenApiComponents.describe(document.getComponents());
        Stream.of(PROBLEMS, FACTORS_PROBLEMS, BODY_PROBLEMS, ENVELOPES, BODY_ENVELOPES, UNREADABLE)
                .forEach(responses -> responses.addTo(document.getComponents()));
        document.getPaths()
                .getPathItems()
                .forEach((path, item) -> item.getOperations().values().forEach(operation -> {
                    if (path.startsWith(ProblemMapper.SDK_PATH)) {
                        describeSdkOperation(operation);
                    } else {
                        describeOperation(operation, !path.endsWith("/enrollable"));
                    }
                    UNREADABLE.addTo(operation);
                }));
    }

    private static void describeOperation(Operation operation, boolean ownFactors) {
        // before the others, because its description of 413 is more specific
        if (ownFactors) {
            FACTORS_PROBLEMS.addTo(operation);
        }
        PROBLEMS.addTo(operation);
        if (operation.getRequestBody() != null) {
            BODY_PROBLEMS.addTo(operation);
        }
    }

    private static void describeSdkOperation(Operation operation) {
        // generated from the method's return type Object
        operation.getResponses().removeAPIResponse("200");
        ENVELOPES.addTo(operation);
        if (operation.getRequestBody() != null) {
            BODY_ENVELOPES.addTo(operation);
        }
        for (String name : new String[] {"x-authing-app-id", "x-genauth-app-id"}) {
            operation.addParameter(OASFactory.createParameter()
                    .in(Parameter.In.HEADER)
                    .name(name)
                    .required(false)
                    .description("the application's id; any other than the gateway's is rejected with statusCode 403")
                    .schema(OASFactory.createSchema().addType(SchemaType.STRING)));
        }
    }
}
