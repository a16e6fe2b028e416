package io.github.mfagateway.genauth;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

import io.smallrye.health.api.Wellness;

/**
 * Tells the breakers' states, and is always up: a GenAuth that is down is no reason to take a gateway out that still answers
 * from memory.
 */
@Wellness
class BreakerStates implements HealthCheck {

    private final GenAuthClient genauth;

    BreakerStates(GenAuthClient genauth) {
        this.genauth = genauth;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder check =
                HealthCheckResponse.named("GenAuth circuit breakers").up();
        genauth.breakers().forEach((operation, state) -> check.withData(operation, state.toString()));
        return check.build();
    }
}
