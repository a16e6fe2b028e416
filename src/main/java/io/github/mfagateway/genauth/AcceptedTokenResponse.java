package io.github.mfagateway.genauth;

import java.time.Instant;
import java.util.Optional;

/**
 * A response to a token that GenAuth accepted, and the claims of that token. Claims are verified only by GenAuth's
 * acceptance of this token.
 *
 * @param genauthStatus what else GenAuth's envelope says
 * @param subject the user's id; empty for an opaque token
 * @param expires when the token expires; empty for an opaque token
 */
public record AcceptedTokenResponse<T>(
        T data, EnvelopeStatus genauthStatus, Optional<String> subject, Optional<Instant> expires) {

    static <T> AcceptedTokenResponse<T> by(AccessToken token, EnvelopeReader.Envelope<T> envelope) {
        TokenClaims verified = TokenClaims.of(token);
        return new AcceptedTokenResponse<>(envelope.data(), envelope.status(), verified.subject(), verified.expires());
    }

    @Override
    public String toString() {
        return "AcceptedTokenResponse";
    }
}
