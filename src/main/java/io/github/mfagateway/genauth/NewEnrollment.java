package io.github.mfagateway.genauth;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * What starts an enrollment. SMS needs a number, EMAIL an address; nulls are not sent.
 *
 * @param factorType an open set
 */
@RegisterForReflection // read from a request's body
public record NewEnrollment(String factorType, String phoneNumber, String phoneCountryCode, String email) {

    GenAuthApi.EnrollmentRequest asRequest() {
        boolean bare = phoneNumber == null && phoneCountryCode == null && email == null;
        return new GenAuthApi.EnrollmentRequest(
                factorType, bare ? null : new GenAuthApi.Profile(phoneNumber, phoneCountryCode, email));
    }

    @Override
    public String toString() {
        return "NewEnrollment";
    }
}
