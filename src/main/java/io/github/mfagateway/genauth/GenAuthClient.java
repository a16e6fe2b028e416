package io.github.mfagateway.genauth;

import java.util.List;

import jakarta.inject.Singleton;

import io.smallrye.faulttolerance.api.Guard;
import io.smallrye.mutiny.Uni;

/** The only door to GenAuth. Every call ends within {@code genauth.deadline}, with data or a {@link GenAuthException}. */
@Singleton
public class GenAuthClient {

    private final GenAuthApi api;
    private final GuardedEndpoint listFactorsToEnroll;

    GenAuthClient(GenAuthApi api, GenAuthSettings settings) {
        this.api = api;
        Guard bulkhead = GuardedEndpoint.bulkhead(settings.maxConcurrent(), settings.maxWaiting());
        this.listFactorsToEnroll = new GuardedEndpoint("list-factors-to-enroll", settings.deadline(), bulkhead);
    }

    /** Types of the factors the user can still enroll, as GenAuth spells and orders them; unknown ones too. */
    public Uni<Accepted<List<String>>> listFactorsToEnroll(AccessToken token) {
        return listFactorsToEnroll
                .call(() -> api.listFactorsToEnroll(token.asHeader())
                        .map(answer -> Envelope.open(answer, Envelope::factorTypes)))
                .map(types -> Accepted.by(token, types));
    }
}
