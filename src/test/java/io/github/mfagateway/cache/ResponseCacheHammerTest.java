package io.github.mfagateway.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.mfagateway.support.RealTime;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;

class ResponseCacheHammerTest {

    private static final int THREADS = 8;

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS + 2);
    private final ResponseCache<Integer> cache = new ResponseCache<>(
            TestCacheSettings.defaults(),
            Duration.ofSeconds(5),
            new TestTraits<>(failure -> LoadOutcome.UNAVAILABLE),
            RealTime.time(),
            () -> 0.5);

    /** Mutiny's context propagation sets itself up at the first use, and not safely for threads. */
    @BeforeEach
    void warmUp() {
        cache.get(CacheKey.of("first"), CacheDirective.NONE, () -> soon(0))
                .await()
                .atMost(Duration.ofSeconds(5));
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void threadsThatMissTogetherMakeOneLoadWhicheverDisconnects() throws Exception {
        for (int round = 0; round < 2000; round++) {
            CacheKey key = CacheKey.of("token " + round);
            AtomicInteger loads = new AtomicInteger();
            AtomicInteger responses = new AtomicInteger();
            CyclicBarrier together = new CyclicBarrier(THREADS);
            CountDownLatch served = new CountDownLatch(THREADS / 2);
            List<Future<?>> callers = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                boolean hangsUp = i % 2 == 0;
                callers.add(threads.submit(() -> {
                    together.await();
                    Cancellable wait = cache.get(key, CacheDirective.NONE, () -> soon(loads.incrementAndGet()))
                            .subscribe()
                            .with(found -> {
                                if (!hangsUp) {
                                    responses.incrementAndGet();
                                    served.countDown();
                                }
                            });
                    if (hangsUp) {
                        wait.cancel();
                    }
                    return null;
                }));
            }
            for (Future<?> caller : callers) {
                caller.get(10, TimeUnit.SECONDS);
            }
            assertTrue(served.await(10, TimeUnit.SECONDS));
            assertEquals(THREADS / 2, responses.get());
            assertEquals(1, loads.get());
        }
    }

    /** GenAuth's state is a number. A caller after "write, invalidate" must see that write, in any interleaving. */
    @Test
    void noCallerSeesAnOlderStateThanTheLastInvalidationLeft() throws Exception {
        AtomicInteger genauth = new AtomicInteger();
        AtomicInteger evicted = new AtomicInteger();
        long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        List<Future<Integer>> readers = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            CacheKey key = CacheKey.of("token " + i % 3);
            readers.add(threads.submit(() -> {
                int reads = 0;
                while (System.nanoTime() < end) {
                    int atLeast = evicted.get();
                    int seen = cache.get(key, CacheDirective.NONE, () -> soon(genauth.get()))
                            .await()
                            .atMost(Duration.ofSeconds(5))
                            .response();
                    assertTrue(seen >= atLeast, () -> "saw " + seen + " after " + atLeast);
                    reads++;
                }
                return reads;
            }));
        }
        Future<Integer> writer = threads.submit(() -> {
            while (System.nanoTime() < end) {
                int written = genauth.incrementAndGet();
                cache.invalidate(CacheKey.of("another token"), Optional.of("alice"));
                evicted.set(written);
                LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(300_000)); // a pace, not a wait
            }
            return genauth.get();
        });
        for (Future<Integer> reader : readers) {
            assertTrue(reader.get(20, TimeUnit.SECONDS) > 100);
        }
        assertTrue(writer.get(20, TimeUnit.SECONDS) > 100);
    }

    private static Uni<LoadedResponse<Integer>> soon(int response) {
        Uni<LoadedResponse<Integer>> now =
                Uni.createFrom().item(new LoadedResponse<>(response, Optional.of("alice"), Optional.empty()));
        int micros = ThreadLocalRandom.current().nextInt(3) * 100;
        return micros == 0 ? now : now.onItem().delayIt().by(Duration.ofNanos(micros * 1000L));
    }
}
