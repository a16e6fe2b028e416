package io.github.mfagateway.api;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

import io.github.mfagateway.factors.CachedResponse;
import io.github.mfagateway.factors.EnrollableFactorsService;
import io.github.mfagateway.genauth.AccessToken;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;

@Path("/mfa/factors")
@Tag(name = "factors", description = "MFA factors of the user whose access token the request has")
@SecurityRequirement(name = "user")
public class EnrollableFactorsResource {

    public static final String PATH = "/mfa/factors/enrollable";

    private final EnrollableFactorsService factors;

    EnrollableFactorsResource(EnrollableFactorsService factors) {
        this.factors = factors;
    }

    @GET
    @Path("/enrollable")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "listEnrollableFactors",
            summary = "Factors the user can still enroll",
            description = "All MFA factors that are enabled for the application and not yet bound by the user.")
    @Parameter(
            in = ParameterIn.HEADER,
            name = "Cache-Control",
            description = "no-cache calls GenAuth and reports its failure; only-if-cached never calls GenAuth",
            schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-None-Match",
            description = "the ETag of a response that the caller has",
            schema = @Schema(type = SchemaType.STRING))
    @APIResponse(responseCode = "304", description = "The response that If-None-Match names is current")
    @APIResponse(
            responseCode = "200",
            description = "The factors, in GenAuth's order; an empty list when nothing is left",
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(implementation = EnrollableFactors.class)))
    public Uni<RestResponse<byte[]>> enrollable(@Context HttpServerRequest request) {
        AccessToken token = BearerToken.of(request);
        return factors.enrollable(token, CacheHeaders.directive(request)).map(found -> {
            CachedResponse stored = found.response();
            return CacheHeaders.response(request, found, stored.etag(), stored.body());
        });
    }
}
