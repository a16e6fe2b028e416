package io.github.mfagateway.factors;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** GenAuth's envelope, as we write it for programs that speak to GenAuth. {@code message} is ours. */
@RegisterForReflection // written by hand, and behind Object
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GenAuthAnswer(int statusCode, String message, Integer apiCode, String requestId, Object data) {

    public static GenAuthAnswer success(Object data) {
        return new GenAuthAnswer(200, "", null, null, data);
    }

    public static GenAuthAnswer failure(int statusCode, String message) {
        return new GenAuthAnswer(statusCode, message, null, null, null);
    }
}
