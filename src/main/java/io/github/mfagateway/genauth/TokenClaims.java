package io.github.mfagateway.genauth;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** A token's claims (RFC 7519), empty for an opaque one. Unvalidated unless GenAuth has accepted the token. */
record TokenClaims(Optional<String> subject, Optional<Instant> expires) {

    private static final JsonMapper JSON = new JsonMapper();

    static TokenClaims of(AccessToken token) {
        JsonNode claims = middlePart(token);
        return new TokenClaims(subject(claims), expires(claims));
    }

    private static JsonNode middlePart(AccessToken token) {
        String[] parts = token.reveal().split("\\.", -1);
        try {
            return parts.length == 3 ? JSON.readTree(Base64.getUrlDecoder().decode(parts[1])) : JSON.missingNode();
        } catch (IOException | IllegalArgumentException opaque) {
            return JSON.missingNode();
        }
    }

    private static Optional<String> subject(JsonNode claims) {
        return Optional.ofNullable(claims.path("sub").textValue()).filter(subject -> !subject.isBlank());
    }

    private static Optional<Instant> expires(JsonNode claims) {
        JsonNode seconds = claims.path("exp");
        try {
            return seconds.isNumber() ? Optional.of(Instant.ofEpochSecond(seconds.longValue())) : Optional.empty();
        } catch (DateTimeException beyondTime) {
            return Optional.empty();
        }
    }
}
