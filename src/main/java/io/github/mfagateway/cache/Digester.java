package io.github.mfagateway.cache;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Makes keys, one after the other, and nothing else: neither bytes of a token nor a digest are left behind as garbage. */
final class Digester {

    private static final int PIECE = 1024;

    private final MessageDigest sha256;
    private final ByteBuffer numbers = ByteBuffer.allocate(32);
    private final byte[] piece = new byte[PIECE];

    Digester() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    void add(String input) {
        if (isAscii(input)) {
            addLength(input.length());
            for (int start = 0; start < input.length(); start += PIECE) {
                addPiece(input, start, Math.min(PIECE, input.length() - start));
            }
        } else {
            byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
            addLength(bytes.length);
            sha256.update(bytes);
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

    private void addLength(int length) {
        sha256.update(numbers.putInt(0, length).array(), 0, Integer.BYTES);
    }

    private void addPiece(String ascii, int start, int length) {
        for (int i = 0; i < length; i++) {
            piece[i] = (byte) ascii.charAt(start + i);
        }
        sha256.update(piece, 0, length);
    }

    private static boolean isAscii(String input) {
        for (int i = 0; i < input.length(); i++) {
            if (input.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }
}
