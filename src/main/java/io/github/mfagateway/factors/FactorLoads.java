package io.github.mfagateway.factors;

import java.util.List;

import io.github.mfagateway.cache.CacheKey;
import io.github.mfagateway.cache.Fetched;
import io.github.mfagateway.cache.Load;
import io.github.mfagateway.cache.LoadOutcome;
import io.github.mfagateway.cache.SharedCache;
import io.github.mfagateway.cache.SharedEntry;
import io.github.mfagateway.cache.UserDigest;
import io.github.mfagateway.genauth.AcceptedResponse;
import io.github.mfagateway.genauth.AccessToken;
import io.github.mfagateway.genauth.GenAuthClient;
import io.github.mfagateway.genauth.GenAuthException;
import io.smallrye.mutiny.Uni;

/** Loads of enrollable factors: from the shared cache, or from GenAuth. */
record FactorLoads(GenAuthClient genauth, SharedCache shared, CachedResponseWriter writer) {

    Load<CachedResponse> of(AccessToken token, CacheKey key) {
        return new Load<>() {
            @Override
            public Uni<Fetched<CachedResponse>> call() {
                return genauth.listFactorsToEnroll(token).map(this::fetched);
            }

            @Override
            public Uni<Fetched<CachedResponse>> callOnce() {
                return genauth.listFactorsToEnrollOnce(token).map(this::fetched);
            }

            private Fetched<CachedResponse> fetched(AcceptedResponse<List<String>> accepted) {
                return new Fetched<>(
                        writer.write(accepted.data()), accepted.subject().map(UserDigest::of), accepted.expires());
            }

            @Override
            public Uni<SharedEntry<CachedResponse>> lookup() {
                return shared.lookup(key, token.asHeader(), token.claimedSubject(), CachedResponse.CODEC);
            }
        };
    }

    /** The outcome that a load's failure stands for. */
    static LoadOutcome outcome(Throwable failure) {
        if (!(failure instanceof GenAuthException genauth)) {
            return LoadOutcome.FAILED;
        }
        return switch (genauth.kind()) {
            case TOKEN_REJECTED -> LoadOutcome.REJECTED;
            case USER_FORBIDDEN -> LoadOutcome.FORBIDDEN;
            case INPUT_REJECTED, REJECTED -> LoadOutcome.FAILED;
            case FAILED, TIMEOUT, THROTTLED, UNAVAILABLE -> LoadOutcome.UNAVAILABLE;
            case OVERLOADED -> LoadOutcome.OVERLOADED;
        };
    }
}
