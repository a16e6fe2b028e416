package io.github.mfagateway.cache;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The name of a user in the cache, the same on every replica: SHA-256 of the subject. A subject's length is up to its
 * issuer, and the cache's entries have a bound in bytes.
 */
public final class UserDigest {

    private UserDigest() {}

    /** In base64url. */
    public static String of(String subject) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(subject.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
