package io.github.mfagateway.genauth;

import java.util.Optional;

/** An end user's access token. {@code toString} never contains it. */
public final class AccessToken {

    private static final String SCHEME = "Bearer ";

    // mostly the received header itself, so that a cache hit copies no token
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

    /** {@code Bearer <token>} (RFC 6750, section 2.1). Secret: for calls to GenAuth and for digests only. */
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
