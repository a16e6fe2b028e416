package io.github.mfagateway.genauth;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * The status members of GenAuth's envelope.
 *
 * @param http the response's HTTP status
 * @param statusCode GenAuth's own, which need not be an HTTP status (601–603)
 * @param apiCode GenAuth's more specific code, or null
 * @param requestId for GenAuth's support, or null
 * @param message for the user, in the user's language; may be null. Passed on under {@code /api/v3} only, and never logged
 */
public record EnvelopeStatus(int http, int statusCode, Integer apiCode, String requestId, String message) {

    private static final int LONGEST_MESSAGE = 256;

    // it is part of responses and log lines, so only an identifier is accepted
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

    private static final Set<Integer> INPUT = Set.of(400, 404, 409, 413, 422);

    public EnvelopeStatus {
        if (requestId != null && !IDENTIFIER.matcher(requestId).matches()) {
            requestId = null;
        }
        message = message == null || message.isBlank() ? null : printable(message);
    }

    /** At most 256 characters, and none that could end a line or reverse the text's direction. */
    private static String printable(String message) {
        return message.codePoints()
                .filter(c -> switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR -> false;
                    default -> true;
                })
                .limit(LONGEST_MESSAGE)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Override
    public String toString() {
        return "EnvelopeStatus";
    }

    /** Whether the caller's input is the reason, not the gateway's settings or GenAuth's plan (402, 4021). */
    boolean isAboutInput() {
        return INPUT.contains(statusCode) && !isAboutPlan();
    }

    boolean isAboutPlan() {
        return statusCode == 402 || hasApiCode(4021);
    }

    boolean hasApiCode(int... codes) {
        for (int code : codes) {
            if (apiCode != null && apiCode == code) {
                return true;
            }
        }
        return false;
    }
}
