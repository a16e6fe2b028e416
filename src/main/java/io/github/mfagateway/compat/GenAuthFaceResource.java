package io.github.mfagateway.compat;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

import com.fasterxml.jackson.annotation.JsonProperty;

import io.github.mfagateway.factors.CacheHeaders;
import io.github.mfagateway.factors.FactorLifecycle;
import io.github.mfagateway.factors.GenAuthAnswer;
import io.github.mfagateway.factors.RememberedFactors;
import io.github.mfagateway.factors.StoredAnswer;
import io.github.mfagateway.genauth.NewEnrollment;
import io.github.mfagateway.genauth.Proof;
import io.github.mfagateway.genauth.StartedEnrollment;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;

/** GenAuth's own six calls in GenAuth's own envelope, so that a program with an official SDK changes its host and no more. */
@Path("/api/v3")
@Tag(name = "genauth", description = "GenAuth's own paths and envelope, for programs that use one of its SDKs")
@SecurityRequirement(name = "user")
@Produces(MediaType.APPLICATION_JSON)
class GenAuthFaceResource {

    private final SdkCaller callers;
    private final RememberedFactors remembered;
    private final FactorLifecycle factors;

    GenAuthFaceResource(SdkCaller callers, RememberedFactors remembered, FactorLifecycle factors) {
        this.callers = callers;
        this.remembered = remembered;
        this.factors = factors;
    }

    // registered for native by hand, because a method that returns Object or takes a record of records does not tell

    @RegisterForReflection
    record Profile(String phoneNumber, String phoneCountryCode, String email) {}

    @RegisterForReflection
    record EnrollmentRequest(String factorType, Profile profile) {
        NewEnrollment asOurs() {
            return profile == null
                    ? new NewEnrollment(factorType, null, null, null)
                    : new NewEnrollment(factorType, profile.phoneNumber, profile.phoneCountryCode, profile.email);
        }
    }

    @RegisterForReflection
    record EnrollmentData(
            String passCode,
            String photo,
            @JsonProperty("isExternalPhoto") Boolean externalPhoto) {}

    @RegisterForReflection
    record Enrollment(String factorType, String enrollmentToken, EnrollmentData enrollmentData) {
        Proof asOurs() {
            return enrollmentData == null
                    ? new Proof(factorType, enrollmentToken, null, null, null)
                    : new Proof(
                            factorType,
                            enrollmentToken,
                            enrollmentData.passCode,
                            enrollmentData.photo,
                            enrollmentData.externalPhoto);
        }
    }

    @RegisterForReflection
    record Reset(String factorId) {}

    @RegisterForReflection
    record Started(String enrollmentToken, StartedEnrollment.Otp otpData) {}

    @GET
    @Path("/list-factors-to-enroll")
    @Operation(operationId = "listFactorsToEnroll", summary = "As listEnrollableFactors, from the same memory")
    @Parameter(
            in = ParameterIn.HEADER,
            name = "Cache-Control",
            description = "no-cache asks GenAuth anew and tells if that fails; only-if-cached never asks GenAuth",
            schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-None-Match",
            description = "the ETag of an answer the caller still has",
            schema = @Schema(type = SchemaType.STRING))
    @APIResponse(responseCode = "304", description = "The caller's answer, named by If-None-Match, is still right")
    public Uni<RestResponse<Object>> listFactorsToEnroll(@Context HttpServerRequest request) {
        return Failures.answered(() -> remembered
                .enrollable(callers.token(request), CacheHeaders.directive(request))
                .map(found -> {
                    StoredAnswer stored = found.answer();
                    return CacheHeaders.<Object>answer(request, found, stored.envelopeEtag(), stored.envelope());
                }));
    }

    @GET
    @Path("/list-enrolled-factors")
    @Operation(operationId = "sdkListEnrolledFactors", summary = "As listEnrolledFactors")
    public Uni<RestResponse<Object>> listEnrolledFactors(@Context HttpServerRequest request) {
        return Failures.answered(() -> success(factors.enrolled(callers.token(request))));
    }

    @GET
    @Path("/get-factor")
    @Operation(operationId = "sdkGetFactor", summary = "As getFactor")
    public Uni<RestResponse<Object>> getFactor(@Context HttpServerRequest request, @RestQuery String factorId) {
        return Failures.answered(() -> success(factors.enrolled(callers.token(request), factorId)));
    }

    @POST
    @Path("/send-enroll-factor-request")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "sendEnrollFactorRequest", summary = "As startEnrollment")
    public Uni<RestResponse<Object>> sendEnrollFactorRequest(
            @Context HttpServerRequest request, EnrollmentRequest enrollment) {
        return Failures.answered(
                () -> success(factors.start(callers.token(request), enrollment == null ? null : enrollment.asOurs())
                        .map(started -> new Started(started.enrollmentToken(), started.otp()))));
    }

    @POST
    @Path("/enroll-factor")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "enrollFactor", summary = "As enroll")
    public Uni<RestResponse<Object>> enrollFactor(@Context HttpServerRequest request, Enrollment enrollment) {
        return Failures.answered(
                () -> success(factors.enroll(callers.token(request), enrollment == null ? null : enrollment.asOurs())));
    }

    @POST
    @Path("/reset-factor")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "sdkResetFactor", summary = "As resetFactor")
    public Uni<RestResponse<Object>> resetFactor(@Context HttpServerRequest request, Reset reset) {
        return Failures.answered(
                () -> success(factors.reset(callers.token(request), reset == null ? null : reset.factorId())));
    }

    private static Uni<RestResponse<Object>> success(Uni<?> data) {
        return data.map(entity -> ResponseBuilder.<Object>ok(GenAuthAnswer.success(entity))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build());
    }
}
