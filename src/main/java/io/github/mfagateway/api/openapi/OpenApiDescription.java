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

/** Writes into the OpenAPI document, at build time, what every operation has in common: its ways to fail. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class OpenApiDescription implements OASFilter {

    private static final OpenApiResponses PROBLEMS = OpenApiResponses.problems(
            "problem",
            Map.ofEntries(
                    Map.entry("400", "malformed-token: not one well-formed Bearer token. bad-request: see detail"),
                    Map.entry(
                            "401",
                            "missing-token, or token-refused: GenAuth does not accept the token. See WWW-Authenticate"),
                    Map.entry("403", "user-refused: GenAuth knows the user and says no"),
                    Map.entry("405", "method-not-allowed"),
                    Map.entry("406", "not-acceptable: the answer is application/json"),
                    Map.entry("413", "content-too-large: a body over 16 KiB"),
                    Map.entry("421", "misdirected-request: ask for a path, not for an address"),
                    Map.entry("500", "internal-error: a defect of the gateway"),
                    Map.entry(
                            "502",
                            "genauth-failed: GenAuth failed or could not be reached. genauth-rejected: it refused the gateway's call"),
                    Map.entry(
                            "503",
                            "genauth-throttled, genauth-unavailable or overloaded: come back after Retry-After seconds"),
                    Map.entry(
                            "504",
                            "genauth-timeout: no answer within the deadline. not-cached: the request said only-if-cached")));

    private static final OpenApiResponses SIBLINGS_PROBLEMS = OpenApiResponses.problems(
            "factors-problem",
            Map.of(
                    "404", "genauth-rejected: GenAuth knows no such factor",
                    "409", "genauth-rejected: GenAuth sees a conflict",
                    "413", "content-too-large: a body over 16 KiB. genauth-rejected: GenAuth says the same",
                    "422", "genauth-rejected: GenAuth cannot do that"));

    private static final OpenApiResponses BODYS_PROBLEMS =
            OpenApiResponses.problems("problem", Map.of("415", "unsupported-media-type: bodies are application/json"));

    private static final OpenApiResponses ENVELOPES = OpenApiResponses.envelopes(Map.ofEntries(
            Map.entry("200", "What GenAuth says, success and failure: see statusCode and apiCode"),
            Map.entry("400", "The request cannot be read: its body is not the JSON it should be, its path is none"),
            Map.entry("405", "The method is not one of Allow"),
            Map.entry("406", "The answer is application/json"),
            Map.entry("413", "The body is over 16 KiB"),
            Map.entry("421", "Ask for a path, not for an address"),
            Map.entry("429", "GenAuth limits the rate of calls: come back after Retry-After seconds"),
            Map.entry("500", "A defect of the gateway"),
            Map.entry("502", "GenAuth failed or could not be reached"),
            Map.entry("503", "GenAuth is not asked for a moment: come back after Retry-After seconds"),
            Map.entry(
                    "504", "No answer within the deadline, or nothing in memory and the request says only-if-cached")));

    private static final OpenApiResponses BODYS_ENVELOPES =
            OpenApiResponses.envelopes(Map.of("415", "Bodies are application/json"));

    // said by HTTP's codec, which has no body to say it with
    private static final OpenApiResponses UNREADABLE = OpenApiResponses.withoutBody(
            "unreadable",
            Map.of(
                    "414", "The request's first line is over 4 KiB; without a body",
                    "431", "The request's headers are over 12 KiB; without a body"));

    @Override
    public void filterOpenAPI(OpenAPI document) {
        OpenApiComponents.describe(document.getComponents());
        Stream.of(PROBLEMS, SIBLINGS_PROBLEMS, BODYS_PROBLEMS, ENVELOPES, BODYS_ENVELOPES, UNREADABLE)
                .forEach(responses -> responses.addTo(document.getComponents()));
        document.getPaths()
                .getPathItems()
                .forEach((path, item) -> item.getOperations().values().forEach(operation -> {
                    if (path.startsWith(ProblemMapper.GENAUTHS_FACE)) {
                        describeGenAuthsFace(operation);
                    } else {
                        describeOurs(operation, !path.endsWith("/enrollable"));
                    }
                    UNREADABLE.addTo(operation);
                }));
    }

    private static void describeOurs(Operation operation, boolean sibling) {
        // before the others, because it says more of 413
        if (sibling) {
            SIBLINGS_PROBLEMS.addTo(operation);
        }
        PROBLEMS.addTo(operation);
        if (operation.getRequestBody() != null) {
            BODYS_PROBLEMS.addTo(operation);
        }
    }

    private static void describeGenAuthsFace(Operation operation) {
        // of the method's Object
        operation.getResponses().removeAPIResponse("200");
        ENVELOPES.addTo(operation);
        if (operation.getRequestBody() != null) {
            BODYS_ENVELOPES.addTo(operation);
        }
        for (String name : new String[] {"x-authing-app-id", "x-genauth-app-id"}) {
            operation.addParameter(OASFactory.createParameter()
                    .in(Parameter.In.HEADER)
                    .name(name)
                    .required(false)
                    .description("the application's id; any other than the gateway's is refused with statusCode 403")
                    .schema(OASFactory.createSchema().addType(SchemaType.STRING)));
        }
    }
}
