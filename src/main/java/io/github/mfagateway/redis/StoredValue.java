package io.github.mfagateway.redis;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

import io.github.mfagateway.cache.AnswerBytes;
import io.github.mfagateway.cache.Fetched;
import io.github.mfagateway.cache.SharedAnswer.Copy;

/**
 * An answer as it lies in Redis: a head that Redis' scripts read (format, mark of the fetch's beginning, bucket of the user),
 * and what only the token opens. The head is authenticated with it.
 */
final class StoredValue {

    /** Whoever changes the format changes this, and what was stored before is a miss. */
    static final char FORMAT = '2';

    static final int HEAD = 1 + Mark.GENERATION + Mark.COUNT + 5 + Mark.MICROS;

    private static final long NO_END = Long.MIN_VALUE;
    private static final int USER = 22;

    private StoredValue() {}

    static <V> byte[] write(
            Seal seal, String token, String name, Mark since, Fetched<V> fetched, double jitter, AnswerBytes<V> bytes) {
        String user = fetched.subject().orElseThrow();
        byte[] answer = bytes.write(fetched.answer());
        byte[] plain = ByteBuffer.allocate(Long.BYTES + Double.BYTES + USER + answer.length)
                .putLong(fetched.expires().map(Instant::getEpochSecond).orElse(NO_END))
                .putDouble(jitter)
                .put(user.getBytes(StandardCharsets.US_ASCII))
                .put(answer)
                .array();
        String head =
                FORMAT + since.generation() + since.count() + "%05d%016d".formatted(Names.bucket(user), since.micros());
        byte[] sealed = seal.close(token, name + head, plain);
        return ByteBuffer.allocate(HEAD + sealed.length)
                .put(head.getBytes(StandardCharsets.US_ASCII))
                .put(sealed)
                .array();
    }

    /** Empty for what is not this token's, or not as it was written. */
    static <V> Optional<Copy<V>> read(
            Seal seal, String token, String name, Mark now, byte[] value, AnswerBytes<V> bytes) {
        if (value.length < HEAD) {
            return Optional.empty();
        }
        String head = new String(value, 0, HEAD, StandardCharsets.ISO_8859_1);
        return seal.open(token, name + head, Arrays.copyOfRange(value, HEAD, value.length))
                .map(plain -> copy(ByteBuffer.wrap(plain), age(head, now), bytes))
                // a clock that was turned back cannot tell an age
                .filter(copy -> !copy.age().isNegative());
    }

    private static Duration age(String head, Mark now) {
        long fetchedAt = Long.parseLong(head.substring(HEAD - Mark.MICROS));
        return Duration.ofNanos((now.micros() - fetchedAt) * 1000);
    }

    private static <V> Copy<V> copy(ByteBuffer plain, Duration age, AnswerBytes<V> bytes) {
        try {
            long end = plain.getLong();
            double jitter = plain.getDouble();
            byte[] user = new byte[USER];
            plain.get(user);
            byte[] answer = new byte[plain.remaining()];
            plain.get(answer);
            return new Copy<>(
                    new Fetched<>(
                            bytes.read(answer),
                            Optional.of(new String(user, StandardCharsets.US_ASCII)),
                            end == NO_END ? Optional.empty() : Optional.of(Instant.ofEpochSecond(end))),
                    age,
                    jitter);
        } catch (BufferUnderflowException notOurs) {
            throw new UnreadableException("a value that ends too soon");
        }
    }
}
