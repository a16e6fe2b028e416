package io.github.mfagateway.cache.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import io.github.mfagateway.cache.LoadedResponse;
import io.github.mfagateway.cache.SharedCacheEntry.Copy;

class EncryptedEntryCodecTest {

    private static final long MICROS = 1_700_000_000_000_000L;
    private static final Optional<String> ALICE = Optional.of("alice");

    private final EncryptedEntryCodec<String> codec = codec("token");
    private final LoadedResponse<String> fetched =
            new LoadedResponse<>("response", ALICE, Optional.of(Instant.ofEpochSecond(2_000_000_000)));
    private final byte[] value = codec.encode("context", MICROS, fetched, 1.05);

    @Test
    void whatWasEncodedIsDecodedWithItsAge() {
        assertEquals(
                Optional.of(new Copy<>(fetched, Duration.ofSeconds(7), 1.05)),
                codec.decode("context", MICROS + 7_000_000, ALICE, value));
    }

    @Test
    void anotherTokenOrContextDecodesNothing() {
        assertEquals(Optional.empty(), codec("another token").decode("context", MICROS, ALICE, value));
        assertEquals(Optional.empty(), codec.decode("another context", MICROS, ALICE, value));
    }

    @Test
    void aValueWithOneBitChangedAnywhereIsNotDecoded() {
        for (int i = 0; i < value.length; i++) {
            byte[] changed = value.clone();
            changed[i] ^= 1;
            assertEquals(Optional.empty(), codec.decode("context", MICROS, ALICE, changed), "byte " + i);
        }
    }

    @Test
    void aTruncatedValueIsNotDecoded() {
        for (int length = 0; length < value.length; length++) {
            byte[] truncated = Arrays.copyOf(value, length);
            assertEquals(Optional.empty(), codec.decode("context", MICROS, ALICE, truncated), length + " bytes");
        }
    }

    @Test
    void aValueFromTheFutureIsNotDecoded() {
        assertEquals(Optional.empty(), codec.decode("context", MICROS - 1, ALICE, value));
    }

    private static EncryptedEntryCodec<String> codec(String token) {
        return new EncryptedEntryCodec<>(new SharedSecret(Replica.SECRET), token, Replica.CODEC);
    }
}
