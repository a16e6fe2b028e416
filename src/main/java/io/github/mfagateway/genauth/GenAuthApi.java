package io.github.mfagateway.genauth;

import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;

/**
 * GenAuth's MFA factor management API. Every response is returned whole, for any status and type, because GenAuth reports
 * success and failure in the body ({@link EnvelopeReader}). Only a transport failure fails the {@code Uni}.
 */
@Path("/api/v3")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
interface GenAuthApi {

    /** All factors that are enabled for the application and not yet bound by the user: {@code data} is {@code [{factorType}]}. */
    @GET
    @Path("/list-factors-to-enroll")
    Uni<Response> listFactorsToEnroll(@BeanParam GenAuthHeaders headers);

    /** {@code data} is {@code [{factorId, factorType, profile}]}. */
    @GET
    @Path("/list-enrolled-factors")
    Uni<Response> listEnrolledFactors(@BeanParam GenAuthHeaders headers);

    /** {@code data} is {@code {factorId, factorType, profile}}. */
    @GET
    @Path("/get-factor")
    Uni<Response> getFactor(@BeanParam GenAuthHeaders headers, @QueryParam("factorId") String factorId);

    /** {@code data} is {@code {enrollmentToken, otpData?: {qrCodeUri, qrCodeDataUrl, recoveryCode}}}. */
    @POST
    @Path("/send-enroll-factor-request")
    Uni<Response> sendEnrollFactorRequest(@BeanParam GenAuthHeaders headers, EnrollmentRequest request);

    /** No {@code data}. */
    @POST
    @Path("/enroll-factor")
    Uni<Response> enrollFactor(@BeanParam GenAuthHeaders headers, Enrollment enrollment);

    /** No {@code data}. */
    @POST
    @Path("/reset-factor")
    Uni<Response> resetFactor(@BeanParam GenAuthHeaders headers, Reset reset);

    /** {@code data} is {@code {valid, message?}}. Go's SDK makes this call when it is constructed. */
    @POST
    @Path("/check-app-id-secret")
    Uni<Response> checkAppIdSecret(@BeanParam GenAuthHeaders headers, AppSecret secret);

    // registered by hand, because Quarkus does not inspect the bodies of a programmatically built client

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

    @RegisterForReflection
    record AppSecret(String appId, String appSecret) {
        @Override
        public String toString() {
            return "AppSecret";
        }
    }
}
