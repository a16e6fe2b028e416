package io.github.mfagateway.genauth;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;

/**
 * GenAuth's MFA factor management, as it stands on the wire. Every answer comes whole, whatever its status and type,
 * because GenAuth says success and failure in the body ({@link Envelope}); only a transport failure fails the {@code Uni}.
 */
@Path("/api/v3")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
interface GenAuthApi {

    /** All factors that are enabled for the application and not yet bound by the user: {@code data} is {@code [{factorType}]}. */
    @GET
    @Path("/list-factors-to-enroll")
    Uni<Response> listFactorsToEnroll(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization);

    /** {@code data} is {@code [{factorId, factorType, profile}]}. */
    @GET
    @Path("/list-enrolled-factors")
    Uni<Response> listEnrolledFactors(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization);

    /** {@code data} is {@code {factorId, factorType, profile}}. */
    @GET
    @Path("/get-factor")
    Uni<Response> getFactor(
            @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, @QueryParam("factorId") String factorId);

    /** {@code data} is {@code {enrollmentToken, otpData?: {qrCodeUri, qrCodeDataUrl, recoveryCode}}}. */
    @POST
    @Path("/send-enroll-factor-request")
    Uni<Response> sendEnrollFactorRequest(
            @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, EnrollmentRequest request);

    /** No {@code data}. */
    @POST
    @Path("/enroll-factor")
    Uni<Response> enrollFactor(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, Enrollment enrollment);

    /** No {@code data}. */
    @POST
    @Path("/reset-factor")
    Uni<Response> resetFactor(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, Reset reset);

    // registered for native by hand, because what a programmatically built client sends is not looked at inside

    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record EnrollmentRequest(String factorType, Profile profile) {}

    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Profile(String phoneNumber, String phoneCountryCode, String email) {}

    @RegisterForReflection
    record Enrollment(String factorType, String enrollmentToken, EnrollmentData enrollmentData) {}

    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record EnrollmentData(
            String passCode,
            String photo,
            @JsonProperty("isExternalPhoto") Boolean externalPhoto) {}

    @RegisterForReflection
    record Reset(String factorId) {}
}
