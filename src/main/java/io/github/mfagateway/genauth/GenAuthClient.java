package io.github.mfagateway.genauth;

import java.time.temporal.ChronoUnit;
import java.util.List;

import jakarta.inject.Singleton;

import io.smallrye.faulttolerance.api.Guard;
import io.smallrye.faulttolerance.api.RateLimitType;
import io.smallrye.mutiny.Uni;

/** The only door to GenAuth. Every call ends within {@code genauth.deadline}, with data or a {@link GenAuthException}. */
@Singleton
public class GenAuthClient {

    private final GenAuthApi api;
    private final GuardedEndpoint listFactorsToEnroll;

    GenAuthClient(GenAuthApi api, GenAuthSettings settings) {
        this.api = api;
        Guard admission = admission(settings);
        this.listFactorsToEnroll = new GuardedEndpoint("list-factors-to-enroll", settings.deadline(), admission);
    }

    /** For all endpoints together: it bounds the sockets towards GenAuth, and the rate if there is a limit. */
    private static Guard admission(GenAuthSettings settings) {
        Guard.Builder admission = Guard.create()
                .withDescription("genauth")
                .withBulkhead()
                .limit(settings.maxConcurrent())
                .queueSize(settings.maxWaiting())
                .done();
        settings.rateLimit().ifPresent(limit -> admission
                .withRateLimit()
                .limit(limit)
                .window(1, ChronoUnit.SECONDS)
                .type(RateLimitType.ROLLING)
                .done());
        return admission.build();
    }

    /** Types of the factors the user can still enroll, as GenAuth spells and orders them; unknown ones too. */
    public Uni<Accepted<List<String>>> listFactorsToEnroll(AccessToken token) {
        return listFactorsToEnroll
                .call(() -> api.listFactorsToEnroll(token.asHeader())
                        .map(answer -> Envelope.open(answer, Envelope::factorTypes)))
                .map(types -> Accepted.by(token, types));
    }
}
