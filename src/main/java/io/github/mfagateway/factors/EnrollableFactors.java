package io.github.mfagateway.factors;

import java.util.List;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** What a caller gets: the factors a user can still enroll. */
@RegisterForReflection(
        targets = {EnrollableFactors.class, EnrollableFactors.Factor.class}) // written by hand, not by the REST layer
record EnrollableFactors(List<Factor> factors) {

    /** @param factorType an open set: {@code OTP}, {@code SMS}, {@code EMAIL}, {@code FACE} today */
    record Factor(String factorType) {}

    static EnrollableFactors of(List<String> types) {
        return new EnrollableFactors(types.stream().map(Factor::new).toList());
    }
}
