package io.github.mfagateway.api.compat;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.github.mfagateway.genauth.EnvelopeStatus;
import io.quarkus.runtime.annotations.RegisterForReflection;

/** GenAuth's envelope, as the gateway sends it to callers with an SDK. */
@RegisterForReflection // serialized by EnrollableFactorsWriter, and declared as Object
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ResponseEnvelope(int statusCode, String message, Integer apiCode, String requestId, Object data) {

    /** Cached: without the message and the id of the request that it was loaded with. */
    public static ResponseEnvelope success(Object data) {
        return new ResponseEnvelope(200, "", null, null, data);
    }

    static ResponseEnvelope success(EnvelopeStatus genauthStatus, Object data) {
        String message = genauthStatus.message() == null ? "" : genauthStatus.message();
        return new ResponseEnvelope(200, message, genauthStatus.apiCode(), genauthStatus.requestId(), data);
    }

    public static ResponseEnvelope failure(int statusCode, String message) {
        return new ResponseEnvelope(statusCode, message, null, null, null);
    }
}
