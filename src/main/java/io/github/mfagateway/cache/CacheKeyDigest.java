package io.github.mfagateway.cache;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

import io.quarkus.runtime.ImageMode;

/** Makes keys without garbage: it reuses its buffers. Not thread-safe. */
final class CacheKeyDigest {

    // the faster one: a native executable for any processor has no SHA instructions
    private static final String ALGORITHM = ImageMode.current().isNativeImage() ? "SHA-512/256" : "SHA-256";

    // longer inputs are digested from a copy
    private static final int LONG = 8 * 1024;

    private final MessageDigest sha;
    private final ByteBuffer numbers = ByteBuffer.allocate(32);
    private final CharBuffer characters = CharBuffer.allocate(LONG);
    private final ByteBuffer bytes = ByteBuffer.allocate(LONG);
    private final CharsetEncoder ascii = StandardCharsets.US_ASCII.newEncoder();

    CacheKeyDigest() {
        try {
            sha = MessageDigest.getInstance(ALGORITHM);
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    void add(String input) {
        if (input.length() <= LONG && isAscii(input)) {
            add(bytes.array(), input.length());
        } else {
            byte[] copy = input.getBytes(StandardCharsets.UTF_8);
            add(copy, copy.length);
        }
    }

    CacheKey key() {
        try {
            sha.digest(numbers.array(), 0, numbers.capacity());
        } catch (DigestException itFits) {
            throw new IllegalStateException(itFits);
        }
        return new CacheKey(numbers.getLong(0), numbers.getLong(8), numbers.getLong(16), numbers.getLong(24));
    }

    private void add(byte[] input, int length) {
        sha.update(numbers.putInt(0, length).array(), 0, Integer.BYTES);
        sha.update(input, 0, length);
    }

    /** Encodes the input into the buffer. False if a character is not ASCII. */
    private boolean isAscii(String input) {
        int length = input.length();
        input.getChars(0, length, characters.array(), 0);
        return ascii.reset()
                .encode(characters.clear().limit(length), bytes.clear(), true)
                .isUnderflow();
    }
}
