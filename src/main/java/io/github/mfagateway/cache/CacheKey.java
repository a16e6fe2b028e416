package io.github.mfagateway.cache;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * SHA-256 over every input that can change the answer, each with its length before it, so that no two lists of inputs
 * run into the same bytes. Holds nothing from which an input could be read back.
 */
public record CacheKey(long first, long second, long third, long fourth) {

    // to look the algorithm up takes as long as to digest a short token
    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(CacheKey::sha256);

    /** @param inputs in a fixed order; the whole token is one of them, never a claim of it */
    public static CacheKey of(String... inputs) {
        MessageDigest sha256 = SHA_256.get();
        ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
        for (String input : inputs) {
            byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
            sha256.update(length.putInt(0, bytes.length).array());
            sha256.update(bytes);
        }
        ByteBuffer digest = ByteBuffer.wrap(sha256.digest());
        return new CacheKey(digest.getLong(), digest.getLong(), digest.getLong(), digest.getLong());
    }

    /** By hand, because a native executable interprets what a record brings by itself: some 20 µs for each hit. */
    @Override
    public boolean equals(Object other) {
        return other instanceof CacheKey key
                && first == key.first
                && second == key.second
                && third == key.third
                && fourth == key.fourth;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(first); // a digest's bits are already spread
    }

    @Override
    public String toString() {
        return "CacheKey";
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
