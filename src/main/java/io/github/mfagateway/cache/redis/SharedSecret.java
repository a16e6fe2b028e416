package io.github.mfagateway.cache.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** {@code mfa.cache.shared-secret}: HMAC-SHA-256 with a label for each use, and AES-256-GCM with keys derived by it. */
final class SharedSecret {

    private static final String HMAC = "HmacSHA256";
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private final SecureRandom random = new SecureRandom();
    private final byte[] secret;

    SharedSecret(String secret) {
        this.secret = secret.getBytes(StandardCharsets.UTF_8);
    }

    /** A keyed digest of 256 bits, in base64url. */
    String digest(String label, byte[] input) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(hmac(label, input));
    }

    /**
     * @param keyInput needed, beside the secret, to decrypt
     * @param context must be the same when it is decrypted
     * @return nonce and ciphertext
     */
    byte[] encrypt(String keyInput, String context, byte[] plain) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        try {
            byte[] encrypted =
                    cipher(Cipher.ENCRYPT_MODE, keyInput, context, nonce).doFinal(plain);
            return ByteBuffer.allocate(NONCE + encrypted.length)
                    .put(nonce)
                    .put(encrypted)
                    .array();
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** Empty if the key, the context or the ciphertext differs. */
    Optional<byte[]> decrypt(String keyInput, String context, byte[] encrypted) {
        if (encrypted.length < NONCE + TAG_BITS / 8) {
            return Optional.empty();
        }
        byte[] nonce = ByteBuffer.allocate(NONCE).put(encrypted, 0, NONCE).array();
        try {
            return Optional.of(cipher(Cipher.DECRYPT_MODE, keyInput, context, nonce)
                    .doFinal(encrypted, NONCE, encrypted.length - NONCE));
        } catch (AEADBadTagException foreign) {
            return Optional.empty();
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    private Cipher cipher(int mode, String keyInput, String context, byte[] nonce) throws GeneralSecurityException {
        byte[] key = hmac("encryption", keyInput.getBytes(StandardCharsets.UTF_8));
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private byte[] hmac(String label, byte[] input) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(secret, HMAC));
            mac.update(label.getBytes(StandardCharsets.UTF_8));
            // separates the label from its input
            mac.update((byte) 0);
            return mac.doFinal(input);
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
