package io.github.mfagateway.cache;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Makes keys, one after the other, and no garbage: a token's bytes go through a buffer of its own. */
final class Digester {

    // what is longer is digested too, from a copy
    private static final int LONG = 8 * 1024;

    private final MessageDigest sha256;
    private final ByteBuffer numbers = ByteBuffer.allocate(32);
    private final char[] characters = new char[LONG];
    private final byte[] buffer = new byte[LONG];

    Digester() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    void add(String input) {
        if (input.length() <= LONG && isAscii(input)) {
            add(buffer, input.length());
        } else {
            byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
            add(bytes, bytes.length);
        }
    }

    CacheKey key() {
        try {
            sha256.digest(numbers.array(), 0, numbers.capacity());
        } catch (DigestException itFits) {
            throw new IllegalStateException(itFits);
        }
        return new CacheKey(numbers.getLong(0), numbers.getLong(8), numbers.getLong(16), numbers.getLong(24));
    }

    private void add(byte[] bytes, int length) {
        sha256.update(numbers.putInt(0, length).array(), 0, Integer.BYTES);
        sha256.update(bytes, 0, length);
    }

    /** Writes it into the buffer, and tells whether that was right: whether a character is a byte. */
    private boolean isAscii(String input) {
        int length = input.length();
        // at once, because a native executable calls charAt for each
        input.getChars(0, length, characters, 0);
        int all = 0;
        for (int i = 0; i < length; i++) {
            char c = characters[i];
            buffer[i] = (byte) c;
            all |= c;
        }
        return all < 0x80;
    }
}
