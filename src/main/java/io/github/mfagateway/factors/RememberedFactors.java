package io.github.mfagateway.factors;

import java.util.List;

import jakarta.inject.Singleton;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.github.mfagateway.cache.AnswerCache;
import io.github.mfagateway.cache.CacheKey;
import io.github.mfagateway.cache.CacheSettings;
import io.github.mfagateway.genauth.AccessToken;
import io.github.mfagateway.genauth.GenAuthClient;
import io.github.mfagateway.genauth.GenAuthSettings;
import io.smallrye.mutiny.Uni;

/** The enrollable factors of whoever holds a token, remembered as the bytes that go out. */
@Singleton
class RememberedFactors {

    private final GenAuthClient genauth;
    private final AnswerCache<byte[]> answers;
    private final ObjectMapper json;
    private final String appId;
    private final String language;

    RememberedFactors(GenAuthClient genauth, GenAuthSettings settings, CacheSettings windows, ObjectMapper json) {
        this.genauth = genauth;
        this.answers = new AnswerCache<>(windows);
        this.json = json;
        this.appId = settings.appId().orElseThrow();
        this.language = settings.language().orElse("");
    }

    Uni<byte[]> enrollable(AccessToken token) {
        CacheKey key = CacheKey.of(token.reveal(), appId, language);
        return answers.get(key, () -> genauth.listFactorsToEnroll(token).map(this::asBytes));
    }

    private byte[] asBytes(List<String> types) {
        try {
            return json.writeValueAsBytes(EnrollableFactors.of(types));
        } catch (JsonProcessingException stringsAlwaysWrite) {
            throw new IllegalStateException(stringsAlwaysWrite);
        }
    }
}
