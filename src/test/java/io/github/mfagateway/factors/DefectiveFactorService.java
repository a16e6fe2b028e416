package io.github.mfagateway.factors;

import java.util.List;

import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;

import io.github.mfagateway.genauth.AcceptedTokenResponse;
import io.github.mfagateway.genauth.EndUser;
import io.github.mfagateway.genauth.EnrolledFactor;
import io.github.mfagateway.genauth.GenAuthClient;
import io.smallrye.mutiny.Uni;

/** Has a defect whose message quotes secrets. Only in tests whose profile selects it. */
@Alternative
@Singleton
public class DefectiveFactorService extends FactorService {

    DefectiveFactorService(GenAuthClient genauth, EnrollableFactorsService enrollable) {
        super(genauth, enrollable);
    }

    @Override
    public Uni<AcceptedTokenResponse<List<EnrolledFactor>>> enrolled(EndUser user) {
        return Uni.createFrom().failure(new IllegalStateException("CANARY", new IllegalArgumentException("CANARY")));
    }
}
