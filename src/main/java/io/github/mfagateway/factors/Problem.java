package io.github.mfagateway.factors;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.github.mfagateway.genauth.Verdict;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * Problem details (RFC 9457). {@code type} is relative to this service; the {@code genauth…} members are there when
 * GenAuth answered. GenAuth's own text is never among them.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection // exception mappers' results are not looked at
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        Integer genauthStatusCode,
        Integer genauthApiCode,
        String genauthRequestId) {

    public static final String MEDIA_TYPE = "application/problem+json";

    static final Problem MISSING_TOKEN = of(
            401,
            "missing-token",
            "No access token",
            "Send the end user's GenAuth access token: Authorization: Bearer <token>");

    static final Problem MALFORMED_TOKEN = of(
            400,
            "malformed-token",
            "Not one well-formed Bearer token",
            "Send exactly one Authorization header: Bearer, a space, and a token of at most 8192 characters (RFC 6750)");

    static final Problem NOT_CACHED = of(
            504,
            "not-cached",
            "Nothing in memory",
            "The request says Cache-Control: only-if-cached, and no answer that could be used is remembered");

    static final Problem INTERNAL_ERROR = of(
            500,
            "internal-error",
            "The gateway itself failed",
            "This is a defect of the gateway; its log has a line about it");

    public static Problem of(int status, String type, String title, String detail) {
        return new Problem("/problems/" + type, title, status, detail, null, null, null);
    }

    Problem saidBy(Verdict verdict) {
        return new Problem(type, title, status, detail, verdict.statusCode(), verdict.apiCode(), verdict.requestId());
    }
}
