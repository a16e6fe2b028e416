package io.github.mfagateway.genauth;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * What GenAuth said to a token it accepted, and what that token says of itself. The claims are here and nowhere else,
 * because only GenAuth's acceptance of this very token makes them more than the caller's word.
 *
 * @param subject the user's id; empty for an opaque token
 * @param expires the end of the token's life; empty for an opaque token
 */
public record Accepted<T>(T data, Optional<String> subject, Optional<Instant> expires) {

    private static final JsonMapper JSON = new JsonMapper();

    static <T> Accepted<T> by(AccessToken token, T data) {
        JsonNode claims = claims(token);
        return new Accepted<>(data, subject(claims), expires(claims));
    }

    /** The middle part of a JWT (RFC 7519); a missing node for anything else. */
    private static JsonNode claims(AccessToken token) {
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
