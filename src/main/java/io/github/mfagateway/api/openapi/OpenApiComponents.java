package io.github.mfagateway.api.openapi;

import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;

/** What operations name in the OpenAPI document: how a caller is known, and what failures look like. */
final class OpenApiComponents {

    private OpenApiComponents() {}

    static void describe(Components components) {
        // what the resources' @SecurityRequirement means
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
                        .description("Problem details (RFC 9457); the genauth members are there when GenAuth answered")
                        .addProperty(
                                "type", string("what went wrong, relative to this service: /problems/token-refused"))
                        .addProperty("title", string("the same for a person"))
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
                        .addProperty("message", string("for a person; never to be matched on"))
                        .addProperty("apiCode", integer("GenAuth's finer code"))
                        .addProperty("requestId", string("for GenAuth's support"))
                        .addProperty(
                                "data",
                                OASFactory.createSchema().description("what the call is for, in GenAuth's own shape")));
    }

    private static Schema string(String description) {
        return OASFactory.createSchema().addType(SchemaType.STRING).description(description);
    }

    private static Schema integer(String description) {
        return OASFactory.createSchema().addType(SchemaType.INTEGER).description(description);
    }
}
