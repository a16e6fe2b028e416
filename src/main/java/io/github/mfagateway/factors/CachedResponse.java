package io.github.mfagateway.factors;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

import io.github.mfagateway.cache.ResponseCodec;

/**
 * An answer as it goes out, made once.
 *
 * @param body ours
 * @param envelope the same in GenAuth's envelope
 */
public record CachedResponse(byte[] body, String etag, byte[] envelope) {

    // headers of this, its string and its three arrays, rounded up to 8 bytes
    private static final int OBJECTS = 128;

    /** The body's length, the body, the envelope; the tag is made anew. */
    static final ResponseCodec<CachedResponse> CODEC = new ResponseCodec<>() {
        @Override
        public byte[] encode(CachedResponse answer) {
            return ByteBuffer.allocate(Integer.BYTES + answer.body.length + answer.envelope.length)
                    .putInt(answer.body.length)
                    .put(answer.body)
                    .put(answer.envelope)
                    .array();
        }

        @Override
        public CachedResponse decode(byte[] bytes) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            byte[] body = new byte[buffer.getInt()];
            buffer.get(body);
            byte[] envelope = new byte[buffer.remaining()];
            buffer.get(envelope);
            return of(body, envelope);
        }
    };

    /**
     * Strong as the body's, and not the body's: the envelope is another representation. Made from it, because both are made
     * from the same factors: the same body means the same envelope. An envelope of another shape needs another ending.
     */
    public String envelopeEtag() {
        return etag.substring(0, etag.length() - 1) + "-v3\"";
    }

    /** The heap that it takes beside the cache's own: three arrays, a string, a record. */
    int bytes() {
        return OBJECTS + body.length + etag.length() + envelope.length;
    }

    public static CachedResponse of(byte[] body, byte[] envelope) {
        return new CachedResponse(body, etag(body), envelope);
    }

    /** Strong (RFC 9110, section 8.8.3): the same tag means the same bytes. */
    private static String etag(byte[] body) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
            return '"'
                    + Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(digest)
                            .substring(0, 22)
                    + '"';
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** Whether one of {@code If-None-Match}'s tags is this answer's, by weak comparison (RFC 9110, section 13.1.2). */
    public boolean matches(Iterable<String> ifNoneMatch) {
        return isNamed(etag, ifNoneMatch);
    }

    public static boolean isNamed(String etag, Iterable<String> ifNoneMatch) {
        for (String header : ifNoneMatch) {
            // what almost everybody sends, before it is taken apart
            if (header.equals(etag)) {
                return true;
            }
            for (String tag : header.split(",")) {
                String opaque = tag.strip();
                if (opaque.equals("*") || etag.equals(opaque.startsWith("W/") ? opaque.substring(2) : opaque)) {
                    return true;
                }
            }
        }
        return false;
    }
}
