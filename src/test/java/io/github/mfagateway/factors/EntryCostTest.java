package io.github.mfagateway.factors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import io.github.mfagateway.cache.CacheDirective;
import io.github.mfagateway.cache.CacheKey;
import io.github.mfagateway.cache.LoadOutcome;
import io.github.mfagateway.cache.LoadedResponse;
import io.github.mfagateway.cache.ResponseCache;
import io.github.mfagateway.cache.TestCacheSettings;
import io.github.mfagateway.cache.TestTraits;
import io.github.mfagateway.support.RealTime;
import io.smallrye.mutiny.Uni;

/** The heap of one cached response with key, entry, bytes, tag and user. docs/configuration.md quotes what this prints. */
class EntryCostTest {

    private static final int ENTRIES = 100_000;

    // a byte an entry
    private static final long MUCH = ENTRIES;

    private long estimated;

    @Test
    void aResponseWithFourFactorsTakesLessThanAKibibyte() {
        long bytes;
        int tries = 0;
        // other threads use the heap too: what they add or free between two measurements is in one try, not in
        // three
        do {
            bytes = cost();
            tries++;
        } while (!(isPlausible(bytes) && isEstimated(bytes)) && tries < 3);

        System.getLogger("EntryCostTest")
                .log(System.Logger.Level.INFO, "one entry costs " + bytes + " bytes, estimated " + estimated);
        assertTrue(isPlausible(bytes), bytes + " bytes");
        assertTrue(isEstimated(bytes), bytes + " bytes, estimated " + estimated);
    }

    /** So {@code mfa.cache.max-bytes} bounds the heap that is taken, and not something else. */
    private boolean isEstimated(long bytes) {
        return estimated >= 0.9 * bytes && estimated <= 1.25 * bytes;
    }

    private static boolean isPlausible(long bytes) {
        return bytes > 100 && bytes < 1024;
    }

    private long cost() {
        ResponseCache<CachedResponse> cache = new ResponseCache<>(
                TestCacheSettings.of(Duration.ofHours(1), Duration.ZERO, Duration.ofHours(1), 1L << 30),
                Duration.ofSeconds(5),
                new Traits(),
                RealTime.time(),
                () -> 0.5);
        long before = usedHeap();
        for (int i = 0; i < ENTRIES; i++) {
            String user = "%024x".formatted(i);
            cache.get(CacheKey.of(user), CacheDirective.NONE, () -> Uni.createFrom()
                            .item(fetched(user)))
                    .await()
                    .indefinitely();
        }
        assertEquals(ENTRIES, cache.size());
        long bytes = (usedHeap() - before) / ENTRIES;
        assertEquals(ENTRIES, cache.size());
        estimated = cache.bytes() / ENTRIES;
        return bytes;
    }

    private static LoadedResponse<CachedResponse> fetched(String user) {
        String response =
                "{\"factors\":[{\"factorType\":\"OTP\"},{\"factorType\":\"SMS\"},{\"factorType\":\"EMAIL\"},{\"factorType\":\"FACE\"}]}";
        return new LoadedResponse<>(
                CachedResponse.of(
                        response.getBytes(StandardCharsets.UTF_8),
                        response.replace("{\"factors\"", "{\"statusCode\":200,\"message\":\"\",\"data\"")
                                .getBytes(StandardCharsets.UTF_8)),
                Optional.of(user),
                Optional.empty());
    }

    /** What is in use when collecting again frees hardly more. */
    private static long usedHeap() {
        long before = Long.MAX_VALUE;
        long used = usedAfterCollecting();
        for (int i = 0; i < 10 && before - used > MUCH; i++) {
            before = used;
            used = usedAfterCollecting();
        }
        return used;
    }

    private static long usedAfterCollecting() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static final class Traits extends TestTraits<CachedResponse> {

        Traits() {
            super(failure -> LoadOutcome.FAILED);
        }

        @Override
        public int bytes(CachedResponse response) {
            return response.bytes();
        }
    }
}
