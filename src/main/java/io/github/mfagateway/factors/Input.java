package io.github.mfagateway.factors;

import io.github.mfagateway.genauth.NewEnrollment;
import io.github.mfagateway.genauth.Proof;

/** What can be told before GenAuth is asked. Every check throws a {@link ProblemException} that names the member. */
final class Input {

    private static final int LONGEST = 256;
    private static final int LONGEST_TOKEN = 4096;

    private Input() {}

    static void check(NewEnrollment enrollment) {
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
    }

    static void check(Proof proof) {
        if (proof == null) {
            throw bad("body is missing");
        }
        required("factorType", proof.factorType(), LONGEST);
        required("enrollmentToken", proof.enrollmentToken(), LONGEST_TOKEN);
        present("passCode", proof.passCode(), LONGEST);
        present("photo", proof.photo(), LONGEST_TOKEN);
        if ((proof.passCode() == null) == (proof.photo() == null)) {
            throw bad("passCode or photo is required, and not both");
        }
    }

    static void factorId(String factorId) {
        required("factorId", factorId, LONGEST);
        if (!factorId.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw bad("factorId has characters that no factor's id has");
        }
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
