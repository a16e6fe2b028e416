package io.github.mfagateway.api;

import java.util.List;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** The response body: the factors that a user can still enroll. */
@RegisterForReflection(
        targets = {EnrollableFactors.class, EnrollableFactors.Factor.class
        }) // serialized by EnrollableFactorsWriter, not by the REST layer
public record EnrollableFactors(List<Factor> factors) {

    /** @param factorType an open set: {@code OTP}, {@code SMS}, {@code EMAIL}, {@code FACE} today */
    record Factor(String factorType) {}

    public static EnrollableFactors of(List<String> types) {
        return new EnrollableFactors(types.stream().map(Factor::new).toList());
    }
}
