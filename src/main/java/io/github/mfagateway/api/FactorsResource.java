package io.github.mfagateway.api;

import java.util.List;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

import io.github.mfagateway.api.problem.Problem;
import io.github.mfagateway.factors.FactorService;
import io.github.mfagateway.genauth.EnrolledFactor;
import io.github.mfagateway.genauth.EnrollmentVerification;
import io.github.mfagateway.genauth.NewEnrollment;
import io.github.mfagateway.genauth.StartedEnrollment;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;

@Path("/mfa/factors")
@Tag(name = "factors")
@SecurityRequirement(name = "user")
@Produces(MediaType.APPLICATION_JSON)
class FactorsResource {

    private final FactorService factors;

    FactorsResource(FactorService factors) {
        this.factors = factors;
    }

    @RegisterForReflection
    record EnrolledFactors(List<EnrolledFactor> factors) {}

    @GET
    @Operation(operationId = "listEnrolledFactors", summary = "Factors the user has bound")
    @APIResponseSchema(value = EnrolledFactors.class, responseCode = "200")
    public Uni<RestResponse<EnrolledFactors>> list(@Context HttpServerRequest request) {
        return response(factors.enrolled(BearerToken.of(request)).map(EnrolledFactors::new), 200);
    }

    @GET
    @Path("/{factorId}")
    @Operation(operationId = "getFactor", summary = "One factor the user has bound")
    @APIResponseSchema(value = EnrolledFactor.class, responseCode = "200")
    public Uni<RestResponse<EnrolledFactor>> one(@Context HttpServerRequest request, @RestPath String factorId) {
        return response(factors.enrolled(BearerToken.of(request), FactorRequestValidator.validFactorId(factorId)), 200);
    }

    @POST
    @Path("/enrollments")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "startEnrollment",
            summary = "Start an enrollment: GenAuth sends a code or generates a secret",
            description = "SMS needs phoneNumber, EMAIL needs email. The enrollmentToken is valid for a minute.")
    @APIResponseSchema(value = StartedEnrollment.class, responseCode = "201")
    public Uni<RestResponse<StartedEnrollment>> start(@Context HttpServerRequest request, NewEnrollment enrollment) {
        return response(factors.start(BearerToken.of(request), FactorRequestValidator.valid(enrollment)), 201);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    // for generated clients, which accept the type of its failures only
    @Produces({MediaType.APPLICATION_JSON, Problem.MEDIA_TYPE})
    @Operation(
            operationId = "enroll",
            summary = "Verify and bind a factor",
            description = "Needs passCode or photo. All of the user's cached lists are invalidated at once.")
    @APIResponse(responseCode = "204", description = "The factor is bound")
    public Uni<RestResponse<Void>> enroll(@Context HttpServerRequest request, EnrollmentVerification verification) {
        return response(factors.enroll(BearerToken.of(request), FactorRequestValidator.valid(verification)), 204);
    }

    @DELETE
    @Path("/{factorId}")
    // for generated clients, as enroll
    @Produces({MediaType.APPLICATION_JSON, Problem.MEDIA_TYPE})
    @Operation(
            operationId = "resetFactor",
            summary = "Unbind a factor",
            description = "All of the user's cached lists are invalidated at once.")
    @APIResponse(responseCode = "204", description = "The factor is unbound")
    public Uni<RestResponse<Void>> reset(@Context HttpServerRequest request, @RestPath String factorId) {
        return response(factors.reset(BearerToken.of(request), FactorRequestValidator.validFactorId(factorId)), 204);
    }

    private static <T> Uni<RestResponse<T>> response(Uni<T> data, int status) {
        return data.map(entity -> ResponseBuilder.<T>create(status)
                .entity(entity)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build());
    }
}
