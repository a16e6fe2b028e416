package io.github.mfagateway.api.openapi;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

import io.github.mfagateway.api.problem.Problem;

/**
 * Responses that operations share: components that the operations refer to, so that the document stays small. It is parsed
 * at every start.
 */
final class OpenApiResponses {

    private final String name;
    private final Content content;
    private final SortedMap<String, String> byStatus;

    private OpenApiResponses(String name, Content content, Map<String, String> byStatus) {
        this.name = name;
        this.content = content;
        this.byStatus = new TreeMap<>(byStatus);
    }

    /** @param byStatus a description for each status */
    static OpenApiResponses problems(String name, Map<String, String> byStatus) {
        return new OpenApiResponses(name, content(Problem.MEDIA_TYPE, "Problem"), byStatus);
    }

    static OpenApiResponses envelopes(Map<String, String> byStatus) {
        return new OpenApiResponses("envelope", content("application/json", "ResponseEnvelope"), byStatus);
    }

    static OpenApiResponses withoutBody(String name, Map<String, String> byStatus) {
        return new OpenApiResponses(name, null, byStatus);
    }

    void addTo(Components components) {
        byStatus.forEach((status, when) -> components.addResponse(
                component(status),
                OASFactory.createAPIResponse().description(when).content(content)));
    }

    /** Adds the responses that the operation does not describe itself. */
    void addTo(Operation operation) {
        byStatus.keySet().forEach(status -> {
            if (!operation.getResponses().hasAPIResponse(status)) {
                APIResponse named = OASFactory.createAPIResponse().ref("#/components/responses/" + component(status));
                operation.getResponses().addAPIResponse(status, named);
            }
        });
    }

    private String component(String status) {
        return name + "-" + status;
    }

    private static Content content(String mediaType, String schema) {
        return OASFactory.createContent()
                .addMediaType(
                        mediaType,
                        OASFactory.createMediaType()
                                .schema(OASFactory.createSchema().ref("#/components/schemas/" + schema)));
    }
}
