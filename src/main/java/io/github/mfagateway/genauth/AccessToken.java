package io.github.mfagateway.genauth;

import java.util.Optional;

/** An end user's access token. Never shows itself: not in a log, not in an exception, not in a debugger's list. */
public final class AccessToken {

    private final String value;

    public AccessToken(String value) {
        this.value = value;
    }

    /** The token itself, for digesting; whoever calls this keeps it out of logs, keys and answers. */
    public String reveal() {
        return value;
    }

    /** Whose token this says it is. The caller's word: nothing may be given or taken away because of it. */
    public Optional<String> claimedSubject() {
        return Claims.of(this).subject();
    }

    /** RFC 6750, section 2.1. GenAuth's Java, C# and mobile SDKs send it so. */
    String asHeader() {
        return "Bearer " + value;
    }

    @Override
    public String toString() {
        return "AccessToken";
    }
}
