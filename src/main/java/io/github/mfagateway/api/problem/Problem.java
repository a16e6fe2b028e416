package io.github.mfagateway.api.problem;

import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.github.mfagateway.genauth.EnvelopeStatus;
import io.github.mfagateway.genauth.FailureKind;
import io.github.mfagateway.genauth.GenAuthException;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * Problem details (RFC 9457). {@code type} is relative to this service. The {@code genauth…} members are present if GenAuth
 * responded. They never contain GenAuth's text.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection // Quarkus does not inspect the results of exception mappers
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        Integer genauthStatusCode,
        Integer genauthApiCode,
        String genauthRequestId) {

    public static final String MEDIA_TYPE = "application/problem+json";

    public static final Problem MISSING_TOKEN =
            of(ProblemType.MISSING_TOKEN, "Send the end user's GenAuth access token: Authorization: Bearer <token>");

    public static final Problem MALFORMED_TOKEN = of(
            ProblemType.MALFORMED_TOKEN,
            "Send exactly one Authorization header: Bearer, a space, and a token of at most 8192 characters (RFC 6750)");

    static final Problem NOT_CACHED = of(
            ProblemType.NOT_CACHED,
            "The request has Cache-Control: only-if-cached, and there is no usable cached response");

    static final Problem INTERNAL_ERROR =
            of(ProblemType.INTERNAL_ERROR, "This is a defect of the gateway; its log has a line about it");

    public static Problem of(ProblemType type, String detail) {
        return of(type.status(), type, detail);
    }

    /** A problem that a framework reports by its status alone. */
    static Problem of(int status, String reason) {
        return new Problem(
                "/problems/" + reason.toLowerCase(Locale.ROOT).replace(' ', '-'),
                reason,
                status,
                "This API is described at /q/openapi",
                null,
                null,
                null);
    }

    static Problem of(GenAuthException failure) {
        ProblemType type = ProblemType.of(failure.kind());
        return failure.genauthStatus()
                .map(genauthStatus -> of(status(failure, genauthStatus), type, detail(failure))
                        .with(genauthStatus))
                .orElseGet(() -> of(type, detail(failure)));
    }

    /** A rejection of the caller's input keeps GenAuth's status. */
    private static int status(GenAuthException failure, EnvelopeStatus genauthStatus) {
        return failure.kind() == FailureKind.INPUT_REJECTED
                ? genauthStatus.statusCode()
                : ProblemType.of(failure.kind()).status();
    }

    private static String detail(GenAuthException failure) {
        return switch (failure.kind()) {
            case TOKEN_REJECTED -> "The token is expired, revoked or of another application: sign the user in again";
            case USER_FORBIDDEN -> "The user is locked, disabled or not allowed in this application";
            case INPUT_REJECTED -> "Look up genauthStatusCode and genauthApiCode";
            case REJECTED ->
                "Look up genauthStatusCode and genauthApiCode; the gateway's app id and GenAuth's plan are the usual reasons";
            case THROTTLED -> "Retry after the seconds in Retry-After";
            case FAILED, TIMEOUT, UNAVAILABLE, OVERLOADED -> failure.getMessage();
        };
    }

    private static Problem of(int status, ProblemType type, String detail) {
        return new Problem(type.uri(), type.title(), status, detail, null, null, null);
    }

    private Problem with(EnvelopeStatus genauthStatus) {
        return new Problem(
                type,
                title,
                status,
                detail,
                genauthStatus.statusCode(),
                genauthStatus.apiCode(),
                genauthStatus.requestId());
    }
}
