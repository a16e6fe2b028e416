package io.github.mfagateway.api.problem;

import java.util.Locale;

import io.github.mfagateway.genauth.FailureKind;

/**
 * Every problem type (RFC 9457) of this service, with its status and title. The README's table of failures lists them.
 */
public enum ProblemType {
    MISSING_TOKEN(401, "Access token missing"),
    MALFORMED_TOKEN(400, "Access token malformed"),
    TOKEN_REFUSED(401, "Access token rejected by GenAuth"),
    USER_REFUSED(403, "User forbidden by GenAuth"),
    GENAUTH_REJECTED(502, "Call rejected by GenAuth"),
    GENAUTH_FAILED(502, "GenAuth failed"),
    GENAUTH_TIMEOUT(504, "GenAuth did not respond in time"),
    GENAUTH_THROTTLED(503, "GenAuth limits the rate of calls"),
    GENAUTH_UNAVAILABLE(503, "GenAuth is unavailable"),
    OVERLOADED(503, "Gateway overloaded"),
    NOT_CACHED(504, "Not cached"),
    BAD_REQUEST(400, "Bad Request"),
    REQUEST_TIMEOUT(408, "Request Timeout"),
    CONTENT_TOO_LARGE(413, "Content Too Large"),
    URI_TOO_LONG(414, "URI Too Long"),
    UNSUPPORTED_MEDIA_TYPE(415, "Unsupported Media Type"),
    EXPECTATION_FAILED(417, "Expectation Failed"),
    MISDIRECTED_REQUEST(421, "Misdirected Request"),
    REQUEST_HEADER_FIELDS_TOO_LARGE(431, "Request Header Fields Too Large"),
    INTERNAL_ERROR(500, "Internal error of the gateway"),
    HTTP_VERSION_NOT_SUPPORTED(505, "HTTP Version Not Supported");

    private final int status;
    private final String title;

    ProblemType(int status, String title) {
        this.status = status;
        this.title = title;
    }

    static ProblemType of(FailureKind kind) {
        return switch (kind) {
            case TOKEN_REJECTED -> TOKEN_REFUSED;
            case USER_FORBIDDEN -> USER_REFUSED;
            case INPUT_REJECTED, REJECTED -> GENAUTH_REJECTED;
            case FAILED -> GENAUTH_FAILED;
            case TIMEOUT -> GENAUTH_TIMEOUT;
            case THROTTLED -> GENAUTH_THROTTLED;
            case UNAVAILABLE -> GENAUTH_UNAVAILABLE;
            case OVERLOADED -> OVERLOADED;
        };
    }

    public int status() {
        return status;
    }

    String title() {
        return title;
    }

    /** Relative to this service. */
    String uri() {
        return "/problems/" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
