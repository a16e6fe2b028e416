package io.github.mfagateway.api.openapi;

import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;

/** Components of the OpenAPI document: the security scheme, and the schemas of failures. */
final class OpenApiComponents {

    private OpenApiComponents() {}

    static void describe(Components components) {
        // referenced by the resources' @SecurityRequirement
        components.addSecurityScheme(
                "user",
                OASFactory.createSecurityScheme()
                        .type(SecurityScheme.Type.HTTP)
                        .scheme("bearer")
                        .description("The end user's GenAuth access token"));
        components.addSchema(
                "Problem",
                OASFactory.createSchema()
                        .addType(SchemaType.OBJECT)
                        .description("Problem details (RFC 9457); the genauth members are present if GenAuth responded")
                        .addProperty(
                                "type", string("the problem type, relative to this service: /problems/token-refused"))
                        .addProperty("title", string("the type as text"))
                        .addProperty("status", integer("the HTTP status"))
                        .addProperty("detail", string("what to do about it"))
                        .addProperty("genauthStatusCode", integer("GenAuth's statusCode"))
                        .addProperty("genauthApiCode", integer("GenAuth's apiCode"))
                        .addProperty("genauthRequestId", string("for GenAuth's support")));
        components.addSchema(
                "ResponseEnvelope",
                OASFactory.createSchema()
                        .addType(SchemaType.OBJECT)
                        .description("GenAuth's envelope")
                        .addProperty("statusCode", integer("200 is success, nothing else is"))
                        .addProperty("message", string("for people; do not match on it"))
                        .addProperty("apiCode", integer("GenAuth's more specific code"))
                        .addProperty("requestId", string("for GenAuth's support"))
                        .addProperty(
                                "data", OASFactory.createSchema().description("the result, in GenAuth's own format")));
    }

    private static Schema string(String description) {
        return OASFactory.createSchema().addType(SchemaType.STRING).description(description);
    }

    private static Schema integer(String description) {
        return OASFactory.createSchema().addType(SchemaType.INTEGER).description(description);
    }
}
