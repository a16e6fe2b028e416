package io.github.mfagateway.genauth;

import java.util.Optional;

/** An end user's access token. Never shows itself: not in a log, not in an exception, not in a debugger's list. */
public final class AccessToken {

    private static final String SCHEME = "Bearer ";

    // as it came, mostly: so a token that is known already is not copied
    private final String header;

    public AccessToken(String value) {
        this.header = SCHEME + value;
    }

    private AccessToken(String header, int start) {
        this.header = header.startsWith(SCHEME) ? header : SCHEME + header.substring(start);
    }

    /** @param header {@code Bearer <token>}, the scheme in any case */
    public static AccessToken inHeader(String header) {
        return new AccessToken(header, SCHEME.length());
    }

    /** The token itself. */
    String reveal() {
        return header.substring(SCHEME.length());
    }

    /** {@code Bearer <token>} (RFC 6750, section 2.1), for GenAuth, and to digest; whoever calls this keeps it out of logs, keys and answers. */
    public String asHeader() {
        return header;
    }

    /** Unvalidated: the subject that the token claims, empty for an opaque token. */
    public Optional<String> claimedSubject() {
        return TokenClaims.of(this).subject();
    }

    @Override
    public String toString() {
        return "AccessToken";
    }
}
