package io.github.mfagateway.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;

class AnswerCacheTest {

    private final CompletableFuture<String> genauth = new CompletableFuture<>();
    private final AtomicInteger loads = new AtomicInteger();
    private final Supplier<Uni<String>> load = () -> {
        loads.incrementAndGet();
        return Uni.createFrom().completionStage(genauth);
    };
    private final AnswerCache<String> cache = new AnswerCache<>(new CacheSettings() {
        @Override
        public Duration fresh() {
            return Duration.ofHours(1);
        }

        @Override
        public int maxEntries() {
            return 10;
        }
    });

    @Test
    void concurrentMissesOfOneKeyMakeOneLoad() {
        List<UniAssertSubscriber<String>> callers = subscribe(200);

        genauth.complete("answer");

        callers.forEach(caller -> caller.assertCompleted().assertItem("answer"));
        assertEquals(1, loads.get());
    }

    @Test
    void oneHungUpCallerDoesNotCancelTheOthers() {
        List<UniAssertSubscriber<String>> callers = subscribe(3);
        callers.get(0).cancel();
        callers.get(2).cancel();

        genauth.complete("answer");

        callers.get(1).assertItem("answer");
    }

    @Test
    void aFailedFlightIsToldToAllWhoWaitedAndForgotten() {
        List<UniAssertSubscriber<String>> callers = subscribe(3);

        genauth.completeExceptionally(new IllegalStateException("down"));

        callers.forEach(caller -> caller.assertFailedWith(IllegalStateException.class, "down"));
        assertEquals(
                "up",
                cache.get(CacheKey.of("token"), () -> Uni.createFrom().item("up"))
                        .await()
                        .indefinitely());
    }

    @Test
    void aLoadThatThrowsIsAFailedFlight() {
        assertThrows(IllegalArgumentException.class, () -> cache.get(CacheKey.of("token"), () -> {
                    throw new IllegalArgumentException("broken");
                })
                .await()
                .indefinitely());
        assertEquals(
                "up",
                cache.get(CacheKey.of("token"), () -> Uni.createFrom().item("up"))
                        .await()
                        .indefinitely());
    }

    private List<UniAssertSubscriber<String>> subscribe(int callers) {
        List<UniAssertSubscriber<String>> subscribers = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            subscribers.add(
                    cache.get(CacheKey.of("token"), load).subscribe().withSubscriber(UniAssertSubscriber.create()));
        }
        return subscribers;
    }
}
