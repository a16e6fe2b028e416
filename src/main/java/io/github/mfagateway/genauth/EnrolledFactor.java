package io.github.mfagateway.genauth;

import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * A factor the user has bound.
 *
 * @param factorId such as {@code 634931036f1551730edd2bb3|phone}; contains the user's id
 * @param profile personal data, as GenAuth sends it
 */
@RegisterForReflection // SdkResource declares it as Object
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EnrolledFactor(String factorId, String factorType, Map<String, Object> profile) {

    @Override
    public String toString() {
        return "EnrolledFactor";
    }
}
