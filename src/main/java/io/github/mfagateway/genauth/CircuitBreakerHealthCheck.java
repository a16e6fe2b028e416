package io.github.mfagateway.genauth;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

import io.smallrye.health.api.Wellness;

/**
 * The circuit breakers' states. Always up: while GenAuth is unavailable, the gateway still serves cached responses.
 */
@Wellness
class CircuitBreakerHealthCheck implements HealthCheck {

    private final GenAuthClient genauth;

    CircuitBreakerHealthCheck(GenAuthClient genauth) {
        this.genauth = genauth;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder check =
                HealthCheckResponse.named("GenAuth circuit breakers").up();
        genauth.breakers().forEach((calls, state) -> check.withData(calls, state.toString()));
        return check.build();
    }
}
