package io.github.mfagateway.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

import io.github.mfagateway.cache.CacheKey;

/** What keys and users are called outside: keyed digests, which say nothing to who has not the deployment's secret. */
final class Names {

    static final int BUCKETS = 1 << 16;
    // 128 bits: no two of 10⁸ users are mistaken for each other
    private static final int USER_BYTES = 16;

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final byte[] answers;
    private final byte[] users;
    private final byte[] bearers;

    Names(byte[] secret) {
        this.answers = key(secret, "name of an answer");
        this.users = key(secret, "name of a user");
        this.bearers = key(secret, "name of whoever has a token");
    }

    String answer(CacheKey key) {
        return "mfa:answer:" + BASE64.encodeToString(Hkdf.hmac(answers, bytes(key)));
    }

    String user(String subject) {
        return name(Hkdf.hmac(users, subject.getBytes(StandardCharsets.UTF_8)));
    }

    /** Of a token that tells no subject. */
    String bearer(CacheKey key) {
        return name(Hkdf.hmac(bearers, bytes(key)));
    }

    /** Users share {@link #BUCKETS} places for the number of their last eviction. */
    static int bucket(String user) {
        byte[] name = Base64.getUrlDecoder().decode(user);
        return Short.toUnsignedInt(ByteBuffer.wrap(name).getShort()) % BUCKETS;
    }

    private static String name(byte[] digest) {
        return BASE64.encodeToString(
                ByteBuffer.allocate(USER_BYTES).put(digest, 0, USER_BYTES).array());
    }

    private static byte[] bytes(CacheKey key) {
        return ByteBuffer.allocate(4 * Long.BYTES)
                .putLong(key.first())
                .putLong(key.second())
                .putLong(key.third())
                .putLong(key.fourth())
                .array();
    }

    private static byte[] key(byte[] secret, String use) {
        return Hkdf.derive(secret, new byte[0], use.getBytes(StandardCharsets.UTF_8), 32);
    }
}
