package io.github.mfagateway.factors;

import java.util.List;

import io.github.mfagateway.cache.CacheKey;
import io.github.mfagateway.cache.LoadOutcome;
import io.github.mfagateway.cache.LoadedResponse;
import io.github.mfagateway.cache.ResponseOrigin;
import io.github.mfagateway.cache.SharedCache;
import io.github.mfagateway.cache.SharedCacheEntry;
import io.github.mfagateway.cache.UserDigest;
import io.github.mfagateway.genauth.AcceptedTokenResponse;
import io.github.mfagateway.genauth.AccessToken;
import io.github.mfagateway.genauth.GenAuthClient;
import io.github.mfagateway.genauth.GenAuthException;
import io.smallrye.mutiny.Uni;

/** Loads of enrollable factors: from the shared cache, or from GenAuth. */
record EnrollableFactorsOrigin(GenAuthClient genauth, SharedCache shared, CachedResponseWriter writer) {

    ResponseOrigin<CachedResponse> of(AccessToken token, CacheKey key) {
        return new ResponseOrigin<>() {
            @Override
            public Uni<LoadedResponse<CachedResponse>> call() {
                return genauth.listFactorsToEnroll(token).map(this::fetched);
            }

            @Override
            public Uni<LoadedResponse<CachedResponse>> callOnce() {
                return genauth.listFactorsToEnrollOnce(token).map(this::fetched);
            }

            private LoadedResponse<CachedResponse> fetched(AcceptedTokenResponse<List<String>> accepted) {
                return new LoadedResponse<>(
                        writer.write(accepted.data()), accepted.subject().map(UserDigest::of), accepted.expires());
            }

            @Override
            public Uni<SharedCacheEntry<CachedResponse>> lookup() {
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
