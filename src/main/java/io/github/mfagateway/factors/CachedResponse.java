package io.github.mfagateway.factors;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

import io.github.mfagateway.cache.ResponseCodec;

/**
 * A serialized response.
 *
 * @param body as this API sends it
 * @param envelope the same data in GenAuth's envelope
 */
public record CachedResponse(byte[] body, String etag, byte[] envelope) {

    // object headers of the record, its string and its three arrays, rounded up to 8 bytes
    private static final int OBJECTS = 128;

    /** Body length, body, envelope; the tag is computed from the body. */
    static final ResponseCodec<CachedResponse> CODEC = new ResponseCodec<>() {
        @Override
        public byte[] encode(CachedResponse response) {
            return ByteBuffer.allocate(Integer.BYTES + response.body.length + response.envelope.length)
                    .putInt(response.body.length)
                    .put(response.body)
                    .put(response.envelope)
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
     * Strong, and different from the body's, because the envelope is another representation. Derived from the body's,
     * because both contain the same factors. An envelope of another format needs another suffix.
     */
    public String envelopeEtag() {
        return etag.substring(0, etag.length() - 1) + "-v3\"";
    }

    /** The heap that it takes, without the cache's entry. */
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

    /** Whether one of {@code If-None-Match}'s tags is this response's, by weak comparison (RFC 9110, section 13.1.2). */
    public boolean matches(Iterable<String> ifNoneMatch) {
        return isNamed(etag, ifNoneMatch);
    }

    public static boolean isNamed(String etag, Iterable<String> ifNoneMatch) {
        for (String header : ifNoneMatch) {
            // the common case, without splitting
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
