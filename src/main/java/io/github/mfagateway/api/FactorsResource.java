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

import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

import io.github.mfagateway.factors.FactorService;
import io.github.mfagateway.genauth.AcceptedTokenResponse;
import io.github.mfagateway.genauth.EnrolledFactor;
import io.github.mfagateway.genauth.EnrollmentVerification;
import io.github.mfagateway.genauth.NewEnrollment;
import io.github.mfagateway.genauth.StartedEnrollment;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;

@Path("/mfa/factors")
class FactorsResource {

    private final FactorService factors;

    FactorsResource(FactorService factors) {
        this.factors = factors;
    }

    @RegisterForReflection
    record EnrolledFactors(List<EnrolledFactor> factors) {}

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<EnrolledFactors>> list(@Context HttpServerRequest request) {
        return response(
                factors.enrolled(EndUserHeaders.of(request)).map(accepted -> new EnrolledFactors(accepted.data())),
                200);
    }

    @GET
    @Path("/{factorId}")
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<EnrolledFactor>> one(@Context HttpServerRequest request, @RestPath String factorId) {
        return response(
                factors.enrolled(EndUserHeaders.of(request), FactorRequestValidator.validFactorId(factorId))
                        .map(AcceptedTokenResponse::data),
                200);
    }

    @POST
    @Path("/enrollments")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<StartedEnrollment>> start(@Context HttpServerRequest request, NewEnrollment enrollment) {
        return response(
                factors.start(EndUserHeaders.of(request), FactorRequestValidator.valid(enrollment))
                        .map(AcceptedTokenResponse::data),
                201);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    // without @Produces, because a response without content fits any Accept, and a bad one must not fail a finished
    // write
    public Uni<RestResponse<Void>> enroll(@Context HttpServerRequest request, EnrollmentVerification verification) {
        return response(
                factors.enroll(EndUserHeaders.of(request), FactorRequestValidator.valid(verification))
                        .replaceWithVoid(),
                204);
    }

    @DELETE
    @Path("/{factorId}")
    public Uni<RestResponse<Void>> reset(@Context HttpServerRequest request, @RestPath String factorId) {
        return response(
                factors.reset(EndUserHeaders.of(request), FactorRequestValidator.validFactorId(factorId))
                        .replaceWithVoid(),
                204);
    }

    private static <T> Uni<RestResponse<T>> response(Uni<T> data, int status) {
        return data.map(entity -> ResponseBuilder.<T>create(status)
                .entity(entity)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build());
    }
}
