package io.github.mfagateway.genauth;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * What proves an enrollment. Everything in it is secret; what is blank is null.
 *
 * @param passCode the code the user got or made; null when a photo is the proof
 * @param photo a picture's address or key; null when a code is the proof
 * @param externalPhoto whether the address is not GenAuth's own; may be null
 */
@RegisterForReflection // read from a request's body
public record EnrollmentVerification(
        String factorType, String enrollmentToken, String passCode, String photo, Boolean externalPhoto) {

    public EnrollmentVerification {
        passCode = NewEnrollment.orNull(passCode);
        photo = NewEnrollment.orNull(photo);
    }

    GenAuthApi.Enrollment asRequest() {
        return new GenAuthApi.Enrollment(
                factorType, enrollmentToken, new GenAuthApi.EnrollmentData(passCode, photo, externalPhoto));
    }

    @Override
    public String toString() {
        return "EnrollmentVerification";
    }
}
