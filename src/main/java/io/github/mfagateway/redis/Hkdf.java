package io.github.mfagateway.redis;

import java.security.GeneralSecurityException;
import java.util.Arrays;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF with HMAC-SHA256 (RFC 5869), which the JDK has only since 25. */
final class Hkdf {

    private static final String HMAC = "HmacSHA256";
    private static final int HASH_LENGTH = 32;

    private Hkdf() {}

    static byte[] derive(byte[] secret, byte[] salt, byte[] info, int length) {
        byte[] key = hmac(salt.length == 0 ? new byte[HASH_LENGTH] : salt, secret);
        byte[] derived = new byte[0];
        byte[] block = new byte[0];
        for (byte counter = 1; derived.length < length; counter++) {
            block = hmac(key, block, info, new byte[] {counter});
            int before = derived.length;
            derived = Arrays.copyOf(derived, before + HASH_LENGTH);
            System.arraycopy(block, 0, derived, before, HASH_LENGTH);
        }
        return Arrays.copyOf(derived, length);
    }

    static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
