package io.github.mfagateway.api.compat;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;

import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

import io.github.mfagateway.api.CacheHeaders;
import io.github.mfagateway.api.FactorRequestValidator;
import io.github.mfagateway.factors.CachedResponse;
import io.github.mfagateway.factors.EnrollableFactorsService;
import io.github.mfagateway.factors.FactorService;
import io.github.mfagateway.genauth.AcceptedTokenResponse;
import io.github.mfagateway.genauth.EnrollmentVerification;
import io.github.mfagateway.genauth.EnvelopeStatus;
import io.github.mfagateway.genauth.GenAuthClient;
import io.github.mfagateway.genauth.NewEnrollment;
import io.github.mfagateway.genauth.StartedEnrollment;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;

/** GenAuth's operations in GenAuth's envelope, so that a program with an official SDK only changes its host. */
@Path("/api/v3")
@Produces(MediaType.APPLICATION_JSON)
class SdkResource {

    private final SdkCredentials callers;
    private final EnrollableFactorsService enrollable;
    private final FactorService factors;
    private final GenAuthClient genauth;

    SdkResource(
            SdkCredentials callers, EnrollableFactorsService enrollable, FactorService factors, GenAuthClient genauth) {
        this.callers = callers;
        this.enrollable = enrollable;
        this.factors = factors;
        this.genauth = genauth;
    }

    // registered by hand, because Quarkus cannot derive these types from the methods' signatures

    @RegisterForReflection
    record Profile(String phoneNumber, String phoneCountryCode, String email) {}

    @RegisterForReflection
    record EnrollmentRequest(String factorType, Profile profile) {
        NewEnrollment toDomain() {
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
        EnrollmentVerification toDomain() {
            return enrollmentData == null
                    ? new EnrollmentVerification(factorType, enrollmentToken, null, null, null)
                    : new EnrollmentVerification(
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
    record AppSecret(String appId, String appSecret) {
        @Override
        public String toString() {
            return "AppSecret";
        }
    }

    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Started(String enrollmentToken, StartedEnrollment.Otp otpData) {}

    @GET
    @Path("/list-factors-to-enroll")
    public Uni<RestResponse<Object>> listFactorsToEnroll(@Context HttpServerRequest request) {
        return EnvelopeFailureMapper.recovered(() -> enrollable
                .enrollable(callers.token(request), CacheHeaders.directive(request))
                .map(found -> {
                    CachedResponse stored = found.response();
                    return CacheHeaders.<Object>response(request, found, stored.envelopeEtag(), stored.envelope());
                }));
    }

    @GET
    @Path("/list-enrolled-factors")
    public Uni<RestResponse<Object>> listEnrolledFactors(@Context HttpServerRequest request) {
        return EnvelopeFailureMapper.recovered(() -> success(factors.enrolled(callers.user(request))));
    }

    @GET
    @Path("/get-factor")
    public Uni<RestResponse<Object>> getFactor(@Context HttpServerRequest request, @RestQuery String factorId) {
        return EnvelopeFailureMapper.recovered(
                () -> success(factors.enrolled(callers.user(request), FactorRequestValidator.validFactorId(factorId))));
    }

    @POST
    @Path("/send-enroll-factor-request")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<Object>> sendEnrollFactorRequest(
            @Context HttpServerRequest request, EnrollmentRequest enrollment) {
        return EnvelopeFailureMapper.recovered(() -> factors.start(
                        callers.user(request),
                        FactorRequestValidator.valid(enrollment == null ? null : enrollment.toDomain()))
                .map(accepted -> success(
                        accepted.genauthStatus(),
                        new Started(
                                accepted.data().enrollmentToken(),
                                accepted.data().otp()))));
    }

    @POST
    @Path("/enroll-factor")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<Object>> enrollFactor(@Context HttpServerRequest request, Enrollment enrollment) {
        return EnvelopeFailureMapper.recovered(() -> factors.enroll(
                        callers.user(request),
                        FactorRequestValidator.valid(enrollment == null ? null : enrollment.toDomain()))
                .map(accepted -> success(accepted.genauthStatus(), null)));
    }

    @POST
    @Path("/reset-factor")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<Object>> resetFactor(@Context HttpServerRequest request, Reset reset) {
        return EnvelopeFailureMapper.recovered(() -> factors.reset(
                        callers.user(request),
                        FactorRequestValidator.validFactorId(reset == null ? null : reset.factorId()))
                .map(accepted -> success(accepted.genauthStatus(), null)));
    }

    /** For Go's SDK, which needs it to be constructed. Only for this gateway's application; never cached. */
    @POST
    @Path("/check-app-id-secret")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<Object>> checkAppIdSecret(@Context HttpServerRequest request, AppSecret secret) {
        return EnvelopeFailureMapper.recovered(() -> {
            String appId = FactorRequestValidator.validText("appId", secret == null ? null : secret.appId());
            String appSecret =
                    FactorRequestValidator.validText("appSecret", secret == null ? null : secret.appSecret());
            return genauth.checkAppIdSecret(callers.application(request, appId), appId, appSecret)
                    .map(envelope -> success(envelope.status(), envelope.data()));
        });
    }

    private static Uni<RestResponse<Object>> success(Uni<? extends AcceptedTokenResponse<?>> response) {
        return response.map(accepted -> success(accepted.genauthStatus(), accepted.data()));
    }

    private static RestResponse<Object> success(EnvelopeStatus genauthStatus, Object data) {
        return ResponseBuilder.<Object>ok(ResponseEnvelope.success(genauthStatus, data))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }
}
