package io.github.mfagateway.genauth;

import java.time.Instant;
import java.util.Optional;

/**
 * What GenAuth said to a token it accepted, and what that token says of itself: only GenAuth's acceptance of this very
 * token makes its claims more than the caller's word.
 *
 * @param subject the user's id; empty for an opaque token
 * @param expires the end of the token's life; empty for an opaque token
 */
public record AcceptedResponse<T>(T data, Optional<String> subject, Optional<Instant> expires) {

    static <T> AcceptedResponse<T> by(AccessToken token, T data) {
        TokenClaims proven = TokenClaims.of(token);
        return new AcceptedResponse<>(data, proven.subject(), proven.expires());
    }

    @Override
    public String toString() {
        return "AcceptedResponse";
    }
}
