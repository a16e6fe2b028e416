package io.github.mfagateway.genauth;

/**
 * The user for whom GenAuth is called.
 *
 * @param token null for a call that needs none
 * @param language of GenAuth's messages and codes, for {@code x-authing-lang}; null for {@code genauth.language}
 * @param address by which GenAuth limits the sending of codes, for {@code x-real-ip}; may be null
 */
public record EndUser(AccessToken token, String language, String address) {

    @Override
    public String toString() {
        return "EndUser";
    }
}
