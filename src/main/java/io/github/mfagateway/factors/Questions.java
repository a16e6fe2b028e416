package io.github.mfagateway.factors;

import java.util.List;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.github.mfagateway.cache.CacheKey;
import io.github.mfagateway.cache.Fetched;
import io.github.mfagateway.cache.Load;
import io.github.mfagateway.cache.Outcome;
import io.github.mfagateway.cache.SharedCache;
import io.github.mfagateway.cache.SharedEntry;
import io.github.mfagateway.cache.UserDigest;
import io.github.mfagateway.genauth.Accepted;
import io.github.mfagateway.genauth.AccessToken;
import io.github.mfagateway.genauth.GenAuthClient;
import io.github.mfagateway.genauth.GenAuthException;
import io.smallrye.mutiny.Uni;

/** A token's question: to GenAuth, or to what other replicas remember of GenAuth's answer to this very token. */
record Questions(GenAuthClient genauth, SharedCache shared, ObjectMapper json) {

    Load<StoredAnswer> of(AccessToken token, CacheKey key) {
        return new Load<>() {
            @Override
            public Uni<Fetched<StoredAnswer>> ask() {
                return genauth.listFactorsToEnroll(token).map(this::fetched);
            }

            @Override
            public Uni<Fetched<StoredAnswer>> askOnce() {
                return genauth.listFactorsToEnrollOnce(token).map(this::fetched);
            }

            private Fetched<StoredAnswer> fetched(Accepted<List<String>> accepted) {
                return new Fetched<>(
                        asBytes(accepted.data()), accepted.subject().map(UserDigest::of), accepted.expires());
            }

            @Override
            public Uni<SharedEntry<StoredAnswer>> lookup() {
                return shared.lookup(key, token.asHeader(), token.claimedSubject(), StoredAnswer.CODEC);
            }
        };
    }

    private StoredAnswer asBytes(List<String> types) {
        EnrollableFactors factors = EnrollableFactors.of(types);
        try {
            return StoredAnswer.of(
                    json.writeValueAsBytes(factors), json.writeValueAsBytes(GenAuthAnswer.success(factors.factors())));
        } catch (JsonProcessingException stringsAlwaysWrite) {
            throw new IllegalStateException(stringsAlwaysWrite);
        }
    }

    /** What it means for memory that a question failed. */
    static Outcome outcome(Throwable failure) {
        if (!(failure instanceof GenAuthException genauth)) {
            return Outcome.FAILED;
        }
        return switch (genauth.kind()) {
            case TOKEN_REJECTED -> Outcome.REJECTED;
            case USER_FORBIDDEN -> Outcome.FORBIDDEN;
            case INPUT_REJECTED, REJECTED -> Outcome.FAILED;
            case FAILED, TIMEOUT, THROTTLED, UNAVAILABLE -> Outcome.UNAVAILABLE;
            case OVERLOADED -> Outcome.OVERLOADED;
        };
    }
}
