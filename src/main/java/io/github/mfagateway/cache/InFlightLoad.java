package io.github.mfagateway.cache;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

import io.smallrye.mutiny.Uni;

/** One in-flight load, shared by all callers who wait for it. */
final class InFlightLoad<V> {

    /** Where a load's entry comes from. */
    enum Origin {
        LOADED,
        /** Another replica had fetched it. */
        SHARED,
        /** An earlier load of this replica had just cached it. */
        CACHED,
        /** A stale entry: an earlier load of this replica has just failed. */
        THROTTLED
    }

    /** An entry or a failure. */
    record Result<V>(CacheEntry<V> entry, Origin origin, Throwable failure) {

        static <V> Result<V> of(CacheEntry<V> entry, Origin origin) {
            return new Result<>(entry, origin, null);
        }

        static <V> Result<V> failed(Throwable failure) {
            return new Result<>(null, null, failure);
        }
    }

    private final long order;
    private final long startedAt;
    private final boolean inBackground;
    private final CompletableFuture<Result<V>> result = new CompletableFuture<>();
    private volatile Future<?> watchdog;

    /**
     * @param order greater than that of every earlier load and invalidation
     * @param startedAt as {@link ResponseCache} reads the time
     */
    InFlightLoad(long order, long startedAt, boolean inBackground) {
        this.order = order;
        this.startedAt = startedAt;
        this.inBackground = inBackground;
    }

    long order() {
        return order;
    }

    boolean isInBackground() {
        return inBackground;
    }

    long age(long now) {
        return now - startedAt;
    }

    /** @param timer completes this load at the deadline */
    void watchedBy(Future<?> timer) {
        watchdog = timer;
        if (result.isDone()) {
            timer.cancel(false);
        }
    }

    /** @return false if it had completed already */
    boolean complete(Result<V> outcome) {
        boolean first = result.complete(outcome);
        Future<?> timer = watchdog;
        if (timer != null) {
            timer.cancel(false);
        }
        return first;
    }

    boolean isComplete() {
        return result.isDone();
    }

    /** A copy for one caller: cancelling it affects neither the load nor other callers. */
    Uni<Result<V>> result() {
        return Uni.createFrom().completionStage(result::copy);
    }
}
