package io.github.mfagateway.genauth;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * What an envelope of GenAuth says about the call.
 *
 * @param statusCode GenAuth's own, which need not be an HTTP status (601–603)
 * @param apiCode GenAuth's finer code, or null
 * @param requestId for GenAuth's support, or null
 */
public record GenAuthStatus(int statusCode, Integer apiCode, String requestId) {

    // it goes into our answers and logs, so it may be an identifier and nothing else
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

    private static final Set<Integer> INPUT = Set.of(400, 404, 409, 413, 422);

    public GenAuthStatus {
        if (requestId != null && !IDENTIFIER.matcher(requestId).matches()) {
            requestId = null;
        }
    }

    /** Whether it is about what the caller sent, and not about the gateway's settings or GenAuth's plan (402, 4021). */
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
