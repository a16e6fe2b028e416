package io.github.mfagateway.genauth;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * The verification of an enrollment. Every member is secret; a blank one becomes null.
 *
 * @param passCode the code that the user received or generated; null if a photo is sent
 * @param photo a photo's URL or key; null if a code is sent
 * @param externalPhoto whether the URL is not GenAuth's own; may be null
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
