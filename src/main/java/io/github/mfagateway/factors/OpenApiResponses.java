package io.github.mfagateway.factors;

import java.util.Map;
import java.util.TreeMap;

import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;

/**
 * What is the same wherever it is named: once among the components, and named by operations, because the document is
 * read at every start.
 *
 * @param mediaType and schema are null where there is no body
 */
record OpenApiResponses(String name, String mediaType, String schema, Map<String, String> byStatus) {

    void addTo(Components components) {
        new TreeMap<>(byStatus).forEach((status, when) -> components.addResponse(component(status), response(when)));
    }

    void addTo(Operation operation) {
        APIResponses responses = operation.getResponses();
        new TreeMap<>(byStatus)
                .keySet().stream()
                        .filter(status -> !responses.hasAPIResponse(status))
                        .forEach(status -> responses.addAPIResponse(
                                status,
                                OASFactory.createAPIResponse().ref("#/components/responses/" + component(status))));
    }

    private String component(String status) {
        return name + "-" + status;
    }

    private APIResponse response(String when) {
        APIResponse response = OASFactory.createAPIResponse().description(when);
        return mediaType == null
                ? response
                : response.content(OASFactory.createContent()
                        .addMediaType(
                                mediaType,
                                OASFactory.createMediaType()
                                        .schema(OASFactory.createSchema().ref("#/components/schemas/" + schema))));
    }
}
