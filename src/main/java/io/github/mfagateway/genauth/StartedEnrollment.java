package io.github.mfagateway.genauth;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * An enrollment that waits for its verification. Every member is secret.
 *
 * @param enrollmentToken valid for a minute
 * @param otp null unless the factor is a one-time password
 */
@RegisterForReflection(targets = {StartedEnrollment.class, StartedEnrollment.Otp.class})
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StartedEnrollment(String enrollmentToken, Otp otp) {

    public record Otp(String qrCodeUri, String qrCodeDataUrl, String recoveryCode) {
        @Override
        public String toString() {
            return "Otp";
        }
    }

    @Override
    public String toString() {
        return "StartedEnrollment";
    }
}
