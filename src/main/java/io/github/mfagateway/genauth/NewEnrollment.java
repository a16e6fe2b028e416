package io.github.mfagateway.genauth;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * The start of an enrollment. SMS needs a number, EMAIL an address. A blank member becomes null, and nulls are not sent.
 *
 * @param factorType an open set
 */
@RegisterForReflection // read from a request's body
public record NewEnrollment(String factorType, String phoneNumber, String phoneCountryCode, String email) {

    public NewEnrollment {
        phoneNumber = orNull(phoneNumber);
        phoneCountryCode = orNull(phoneCountryCode);
        email = orNull(email);
    }

    /** Some SDKs send an empty member instead of none. */
    static String orNull(String member) {
        return member == null || member.isBlank() ? null : member;
    }

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
