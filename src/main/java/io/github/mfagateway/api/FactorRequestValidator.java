package io.github.mfagateway.api;

import io.github.mfagateway.api.problem.Problem;
import io.github.mfagateway.api.problem.ProblemException;
import io.github.mfagateway.api.problem.ProblemType;
import io.github.mfagateway.genauth.EnrollmentVerification;
import io.github.mfagateway.genauth.NewEnrollment;

/** Validates requests before GenAuth is called. Each method returns its argument or throws a {@link ProblemException}. */
public final class FactorRequestValidator {

    private static final int LONGEST = 256;
    private static final int LONGEST_TOKEN = 4096;

    private FactorRequestValidator() {}

    public static NewEnrollment valid(NewEnrollment enrollment) {
        if (enrollment == null) {
            throw bad("body is missing");
        }
        required("factorType", enrollment.factorType(), LONGEST);
        present("phoneNumber", enrollment.phoneNumber(), LONGEST);
        present("phoneCountryCode", enrollment.phoneCountryCode(), LONGEST);
        present("email", enrollment.email(), LONGEST);
        if (enrollment.factorType().equals("SMS")) {
            required("phoneNumber", enrollment.phoneNumber(), LONGEST);
        } else if (enrollment.factorType().equals("EMAIL")) {
            required("email", enrollment.email(), LONGEST);
        }
        return enrollment;
    }

    public static EnrollmentVerification valid(EnrollmentVerification verification) {
        if (verification == null) {
            throw bad("body is missing");
        }
        required("factorType", verification.factorType(), LONGEST);
        required("enrollmentToken", verification.enrollmentToken(), LONGEST_TOKEN);
        present("passCode", verification.passCode(), LONGEST);
        present("photo", verification.photo(), LONGEST_TOKEN);
        if ((verification.passCode() == null) == (verification.photo() == null)) {
            throw bad("passCode or photo is required, and not both");
        }
        return verification;
    }

    /** @return the value, of at most 256 characters */
    public static String validText(String member, String value) {
        required(member, value, LONGEST);
        return value;
    }

    public static String validFactorId(String factorId) {
        required("factorId", factorId, LONGEST);
        if (!factorId.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw bad("factorId has characters that no factor's id has");
        }
        return factorId;
    }

    private static void required(String member, String value, int longest) {
        if (value == null || value.isBlank()) {
            throw bad(member + " is required");
        }
        present(member, value, longest);
    }

    private static void present(String member, String value, int longest) {
        if (value != null && value.length() > longest) {
            throw bad(member + " is longer than " + longest + " characters");
        }
    }

    private static ProblemException bad(String what) {
        return new ProblemException(Problem.of(ProblemType.BAD_REQUEST, what));
    }
}
