package io.github.mfagateway.factors;

import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import jakarta.inject.Singleton;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Ticker;

import io.github.mfagateway.cache.AnswerCache;
import io.github.mfagateway.cache.CacheKey;
import io.github.mfagateway.cache.CacheSettings;
import io.github.mfagateway.cache.Directive;
import io.github.mfagateway.cache.Fetched;
import io.github.mfagateway.cache.Found;
import io.github.mfagateway.cache.Outcome;
import io.github.mfagateway.genauth.AccessToken;
import io.github.mfagateway.genauth.GenAuthClient;
import io.github.mfagateway.genauth.GenAuthException;
import io.github.mfagateway.genauth.GenAuthSettings;
import io.smallrye.mutiny.Uni;

/** The enrollable factors of whoever holds a token, remembered as the bytes that go out. */
@Singleton
class RememberedFactors {

    private final GenAuthClient genauth;
    private final AnswerCache<StoredAnswer> answers;
    private final ObjectMapper json;
    private final String appId;
    private final String language;

    RememberedFactors(
            GenAuthClient genauth,
            GenAuthSettings settings,
            CacheSettings windows,
            Ticker ticker,
            InstantSource clock,
            ObjectMapper json) {
        this.genauth = genauth;
        this.answers =
                new AnswerCache<>(windows, RememberedFactors::outcome, ticker, clock, () -> ThreadLocalRandom.current()
                        .nextDouble());
        this.json = json;
        this.appId = settings.appId().orElseThrow();
        this.language = settings.language().orElse("");
    }

    Uni<Found<StoredAnswer>> enrollable(AccessToken token, Directive directive) {
        // every input that is forwarded: none of them may be shared by two callers who differ in it
        CacheKey key = CacheKey.of(token.reveal(), appId, language);
        return answers.get(key, directive, () -> fetch(token));
    }

    private Uni<Fetched<StoredAnswer>> fetch(AccessToken token) {
        return genauth.listFactorsToEnroll(token)
                .map(accepted -> new Fetched<>(asBytes(accepted.data()), accepted.subject(), accepted.expires()));
    }

    private StoredAnswer asBytes(List<String> types) {
        try {
            return StoredAnswer.of(json.writeValueAsBytes(EnrollableFactors.of(types)));
        } catch (JsonProcessingException stringsAlwaysWrite) {
            throw new IllegalStateException(stringsAlwaysWrite);
        }
    }

    private static Outcome outcome(Throwable failure) {
        if (failure instanceof GenAuthException.TokenRefused) {
            return Outcome.REFUSED;
        } else if (failure instanceof GenAuthException.UserRefused) {
            return Outcome.BARRED;
        }
        return failure instanceof GenAuthException && !(failure instanceof GenAuthException.Rejected)
                ? Outcome.UNAVAILABLE
                : Outcome.FAILED;
    }
}
