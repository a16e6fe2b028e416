package io.github.mfagateway.api;

import java.util.List;

import jakarta.inject.Singleton;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.github.mfagateway.api.compat.ResponseEnvelope;
import io.github.mfagateway.factors.CachedResponse;
import io.github.mfagateway.factors.CachedResponseWriter;

/** Both representations: the API's own, and GenAuth's envelope. */
@Singleton
class EnrollableFactorsWriter implements CachedResponseWriter {

    private final ObjectMapper json;

    EnrollableFactorsWriter(ObjectMapper json) {
        this.json = json;
    }

    @Override
    public CachedResponse write(List<String> types) {
        EnrollableFactors factors = EnrollableFactors.of(types);
        try {
            return CachedResponse.of(
                    json.writeValueAsBytes(factors),
                    json.writeValueAsBytes(ResponseEnvelope.success(factors.factors())));
        } catch (JsonProcessingException stringsAlwaysWrite) {
            throw new IllegalStateException(stringsAlwaysWrite);
        }
    }
}
