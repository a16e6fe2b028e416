package io.github.mfagateway.cache.redis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

import org.junit.jupiter.api.Test;

class SharedSecretTest {

    private static final byte[] INPUT = "input".getBytes(StandardCharsets.UTF_8);

    private final SharedSecret secret = new SharedSecret("a secret of a deployment");

    /** {@code printf 'label\0input' | openssl dgst -sha256 -hmac 'a secret of a deployment'} */
    @Test
    void aDigestIsHmacSha256OfLabelAndInput() {
        byte[] digest = Base64.getUrlDecoder().decode(secret.digest("label", INPUT));

        assertEquals(
                "9d333a087d1931f17990172406ddf504fcad05655fcccd8d80534d47d48436c8",
                HexFormat.of().formatHex(digest));
    }

    @Test
    void aLabelDoesNotRunIntoItsInput() {
        assertNotEquals(
                secret.digest("label", INPUT), secret.digest("labeli", "nput".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void onlyTheSameSecretKeyAndContextDecrypt() {
        byte[] encrypted = secret.encrypt("token", "context", INPUT);

        assertArrayEquals(INPUT, secret.decrypt("token", "context", encrypted).orElseThrow());
        assertEquals(Optional.empty(), secret.decrypt("another token", "context", encrypted));
        assertEquals(Optional.empty(), secret.decrypt("token", "another context", encrypted));
        assertEquals(Optional.empty(), new SharedSecret("another").decrypt("token", "context", encrypted));
        encrypted[encrypted.length - 1] ^= 1;
        assertEquals(Optional.empty(), secret.decrypt("token", "context", encrypted));
    }
}
