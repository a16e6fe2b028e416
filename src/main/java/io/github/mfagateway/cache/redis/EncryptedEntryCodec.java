package io.github.mfagateway.cache.redis;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

import io.github.mfagateway.cache.LoadedResponse;
import io.github.mfagateway.cache.ResponseCodec;
import io.github.mfagateway.cache.SharedCacheEntry.Copy;

/**
 * An entry's value: start of its load in microseconds by Redis' clock, nonce, ciphertext. Decryption needs the token, the
 * secret, the key, and the user's epoch and replication id of the lookup.
 */
final class EncryptedEntryCodec<V> {

    static final int TIME = 16;
    /** Length of time and nonce, which are unique to each value. */
    static final int BEGINNING = TIME + 12;

    private static final long NO_END = Long.MIN_VALUE;

    private final SharedSecret secret;
    private final String token;
    private final ResponseCodec<V> codec;

    EncryptedEntryCodec(SharedSecret secret, String token, ResponseCodec<V> codec) {
        this.secret = secret;
        this.token = token;
        this.codec = codec;
    }

    /** @param context key, epoch and history */
    byte[] encode(String context, long micros, LoadedResponse<V> fetched, double jitter) {
        byte[] response = codec.encode(fetched.response());
        byte[] plain = ByteBuffer.allocate(Long.BYTES + Double.BYTES + response.length)
                .putLong(fetched.expires().map(Instant::getEpochSecond).orElse(NO_END))
                .putDouble(jitter)
                .put(response)
                .array();
        String time = "%016d".formatted(micros);
        byte[] encrypted = secret.encrypt(token, time + context, plain);
        return ByteBuffer.allocate(TIME + encrypted.length)
                .put(time.getBytes(StandardCharsets.US_ASCII))
                .put(encrypted)
                .array();
    }

    /**
     * @param now by Redis' clock
     * @param user whose epoch is in the context
     */
    Optional<Copy<V>> decode(String context, long now, Optional<String> user, byte[] value) {
        if (value.length < BEGINNING) {
            return Optional.empty();
        }
        String time = new String(value, 0, TIME, StandardCharsets.ISO_8859_1);
        return secret.decrypt(token, time + context, Arrays.copyOfRange(value, TIME, value.length))
                .map(plain -> copy(ByteBuffer.wrap(plain), now - Long.parseLong(time), user))
                // after a clock was set back the age is unknown
                .filter(copy -> !copy.age().isNegative());
    }

    private Copy<V> copy(ByteBuffer plain, long micros, Optional<String> user) {
        try {
            long end = plain.getLong();
            double jitter = plain.getDouble();
            byte[] response = new byte[plain.remaining()];
            plain.get(response);
            Optional<Instant> expires = end == NO_END ? Optional.empty() : Optional.of(Instant.ofEpochSecond(end));
            return new Copy<>(
                    new LoadedResponse<>(codec.decode(response), user, expires),
                    Duration.ofNanos(micros * 1000),
                    jitter);
        } catch (BufferUnderflowException anotherVersions) {
            throw new IllegalArgumentException("a value ends too early", anotherVersions);
        }
    }
}
