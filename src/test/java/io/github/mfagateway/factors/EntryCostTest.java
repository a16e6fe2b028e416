package io.github.mfagateway.factors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import com.github.benmanes.caffeine.cache.Ticker;

import io.github.mfagateway.cache.AnswerCache;
import io.github.mfagateway.cache.CacheKey;
import io.github.mfagateway.cache.CacheSettings;
import io.github.mfagateway.cache.Directive;
import io.github.mfagateway.cache.Fetched;
import io.github.mfagateway.cache.Outcome;
import io.smallrye.mutiny.Uni;

/** What one remembered answer costs, all included: key, entry, bytes, tag, user. The README quotes what this prints. */
class EntryCostTest {

    private static final int ENTRIES = 100_000;

    // a byte an entry
    private static final long MUCH = ENTRIES;

    @Test
    void anAnswerOfFourFactorsCostsLessThanAKibibyte() {
        long bytes;
        int tries = 0;
        // the heap is everybody's: what others leave in it, or take from it, between two looks is in one try, not in
        // three
        do {
            bytes = cost();
            tries++;
        } while (!isPlausible(bytes) && tries < 3);

        System.getLogger("EntryCostTest").log(System.Logger.Level.INFO, "one entry costs " + bytes + " bytes");
        assertTrue(isPlausible(bytes), bytes + " bytes");
    }

    private static boolean isPlausible(long bytes) {
        return bytes > 100 && bytes < 1024;
    }

    private static long cost() {
        AnswerCache<StoredAnswer> cache = new AnswerCache<>(
                new Settings(),
                failure -> Outcome.FAILED,
                refresh -> {},
                Ticker.systemTicker(),
                InstantSource.system(),
                () -> 0.5);
        long before = usedHeap();
        for (int i = 0; i < ENTRIES; i++) {
            String user = "%024x".formatted(i);
            cache.get(CacheKey.of(user), Directive.NONE, () -> Uni.createFrom().item(fetched(user)))
                    .await()
                    .indefinitely();
        }
        assertEquals(ENTRIES, cache.size());
        long bytes = (usedHeap() - before) / ENTRIES;
        assertEquals(ENTRIES, cache.size());
        return bytes;
    }

    private static Fetched<StoredAnswer> fetched(String user) {
        String answer =
                "{\"factors\":[{\"factorType\":\"OTP\"},{\"factorType\":\"SMS\"},{\"factorType\":\"EMAIL\"},{\"factorType\":\"FACE\"}]}";
        return new Fetched<>(
                StoredAnswer.of(
                        answer.getBytes(StandardCharsets.UTF_8),
                        answer.replace("{\"factors\"", "{\"statusCode\":200,\"message\":\"\",\"data\"")
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

    private record Settings() implements CacheSettings {
        @Override
        public Duration fresh() {
            return Duration.ofHours(1);
        }

        @Override
        public Duration revalidate() {
            return Duration.ZERO;
        }

        @Override
        public Duration staleOnError() {
            return Duration.ofHours(1);
        }

        @Override
        public Duration refused() {
            return Duration.ofSeconds(5);
        }

        @Override
        public int maxEntries() {
            return 2 * ENTRIES;
        }
    }
}
