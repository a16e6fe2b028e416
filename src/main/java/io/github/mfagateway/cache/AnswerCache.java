package io.github.mfagateway.cache;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;

import io.smallrye.mutiny.Uni;

/**
 * Remembers answers per key. Concurrent misses of one key make one load, whose future is never handed out: a caller who
 * hangs up cancels nothing. A failed load is told to everybody who waited for it, and forgotten.
 */
public final class AnswerCache<V> {

    private final AsyncCache<CacheKey, V> answers;

    public AnswerCache(CacheSettings settings) {
        this.answers = Caffeine.newBuilder()
                .maximumSize(settings.maxEntries())
                .expireAfter(Expiry.<CacheKey, V>writing((key, answer) -> settings.fresh()))
                .buildAsync();
    }

    public Uni<V> get(CacheKey key, Supplier<Uni<V>> load) {
        return Uni.createFrom().completionStage(() -> flight(key, load).answer());
    }

    private Flight<V> flight(CacheKey key, Supplier<Uni<V>> load) {
        // only flights are ever put in
        return (Flight<V>) answers.get(key, (k, executor) -> {
            Flight<V> flight = new Flight<>();
            load.get().subscribe().with(flight::complete, flight::fail);
            return flight;
        });
    }

    /** A load under way or done. Completes with null when it failed, because Caffeine forgets a null and logs a failure. */
    private static final class Flight<V> extends CompletableFuture<V> {

        private volatile Throwable failure;

        void fail(Throwable failure) {
            this.failure = failure;
            complete(null);
        }

        CompletionStage<V> answer() {
            return thenCompose(answer -> answer == null ? failedFuture(failure) : completedFuture(answer));
        }
    }
}
