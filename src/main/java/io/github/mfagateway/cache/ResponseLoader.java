package io.github.mfagateway.cache;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

import io.github.mfagateway.cache.InFlightLoad.Origin;
import io.github.mfagateway.cache.InFlightLoad.Result;
import io.github.mfagateway.config.CacheSettings;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;

/**
 * Runs loads: reads the shared cache, calls the origin, caches the response. Every load completes exactly once, in
 * {@link #complete}, after any exception and at the latest at the deadline.
 */
final class ResponseLoader<V> {

    /** Which copies from the shared cache a load accepts instead of a call. */
    enum Wanted {
        /** None: the caller sent {@code no-cache}. */
        NONE,
        /** Only a fresh one: the caller has been served from the local cache. */
        FRESH,
        /** Any that the cache may serve. */
        USABLE
    }

    // a share of the throttle's duration, so that keys that failed together are not loaded together
    private static final double LEAST_THROTTLE = 0.9;

    private final CacheStore<V> store;
    private final InFlightLoads<V> loads;
    private final OriginAdapter<V> traits;
    private final Duration deadline;
    private final Duration softTimeout;
    private final Duration throttle;
    private final TimeSources time;
    private final DoubleSupplier random;

    ResponseLoader(
            CacheStore<V> store,
            InFlightLoads<V> loads,
            OriginAdapter<V> traits,
            Duration deadline,
            CacheSettings settings,
            TimeSources time,
            DoubleSupplier random) {
        this.store = store;
        this.loads = loads;
        this.traits = traits;
        this.deadline = deadline;
        this.softTimeout = settings.softTimeout();
        this.throttle = settings.retryAfterFailure();
        this.time = time;
        this.random = random;
    }

    /** Loads in the background, unless the key is throttled or has an in-flight load. */
    void revalidate(CacheKey key, CacheEntry<V> entry, ResponseOrigin<V> origin) {
        long now = time.ticker().read();
        if (!store.throttle(entry, now).allowsLoad()) {
            return;
        }
        InFlightLoad<V> load = loads.beginInBackground(now);
        if (loads.offer(key, load)) {
            start(key, load, origin, Wanted.FRESH);
        }
    }

    /** Starts a load. Its response is cached before callers are notified. */
    void start(CacheKey key, InFlightLoad<V> load, ResponseOrigin<V> origin, Wanted wanted) {
        try {
            load.watchedBy(
                    time.timer().schedule(() -> deadlinePassed(key, load), deadline.toNanos(), TimeUnit.NANOSECONDS));
            Uni.createFrom()
                    .deferred(() -> wanted == Wanted.NONE
                            ? sharedOrFetched(key, load, origin, wanted)
                            : cachedSharedOrFetched(key, load, origin, wanted))
                    .subscribe()
                    .with(result -> loaded(key, load, origin, result), failure -> failed(key, load, failure));
        } catch (Throwable defect) {
            complete(key, load, Result.failed(defect));
        }
    }

    /** The one place where a load completes. Nothing in it throws. */
    private void complete(CacheKey key, InFlightLoad<V> load, Result<V> result) {
        if (loads.complete(key, load, result) && load.isInBackground()) {
            attempt(() -> traits.revalidated(
                    result.failure() == null ? LoadOutcome.SUCCESS : traits.outcome(result.failure())));
        }
    }

    private void loaded(CacheKey key, InFlightLoad<V> load, ResponseOrigin<V> origin, Result<V> result) {
        complete(key, load, result);
        if (result.origin() == Origin.SHARED
                && !result.entry().isFresh(time.ticker().read())) {
            revalidate(key, result.entry(), origin);
        }
    }

    private void failed(CacheKey key, InFlightLoad<V> load, Throwable failure) {
        try {
            attempt(() -> cacheFailure(key, load, failure));
        } finally {
            complete(key, load, Result.failed(failure));
        }
    }

    private void deadlinePassed(CacheKey key, InFlightLoad<V> load) {
        Throwable failure;
        try {
            failure = traits.deadlinePassed();
        } catch (Throwable defect) {
            failure = defect;
        }
        Throwable why = failure;
        try {
            attempt(() -> cacheFailure(key, load, why));
        } finally {
            complete(key, load, Result.failed(why));
        }
    }

    /** An exception here is a defect; it must not keep callers waiting. */
    private static void attempt(Runnable step) {
        try {
            step.run();
        } catch (Throwable defect) {
            Infrastructure.handleDroppedException(defect);
        }
    }

    /** A rejection removes the entry; any other failure throttles the key. */
    private void cacheFailure(CacheKey key, InFlightLoad<V> load, Throwable failure) {
        LoadOutcome outcome = traits.outcome(failure);
        if (outcome.isRejection()) {
            store.reject(key, load.order(), outcome == LoadOutcome.REJECTED ? Optional.of(failure) : Optional.empty());
        } else {
            throttle(key, load, LoadThrottle.of(outcome), traits.notCalledFor(failure));
        }
    }

    /** A caller has waited for the soft timeout. The load continues. */
    void softTimeoutPassed(CacheKey key, InFlightLoad<V> load) {
        throttle(key, load, LoadThrottle.LATE, Optional.empty());
    }

    /**
     * Throttles the key's loads, unless another load has succeeded since this one began.
     *
     * @param stated how long GenAuth or the circuit breaker says to wait
     */
    private void throttle(CacheKey key, InFlightLoad<V> load, LoadThrottle why, Optional<Duration> stated) {
        long now = time.ticker().read();
        CacheEntry<V> entry = store.entry(key, now);
        if (entry != null && entry.age(now) > load.age(now)) {
            long late = load.age(now) - softTimeout.toNanos();
            entry.throttle(
                    why == LoadThrottle.UNAVAILABLE && late >= 0 ? LoadThrottle.LATE : why,
                    now,
                    stated.map(Duration::toNanos).orElseGet(() -> shortened(late)),
                    stated.isPresent(),
                    store.responses());
        }
    }

    /**
     * {@code mfa.cache.retry-after-failure} with jitter. After a slow failure it counts from the soft timeout, so that recovery is
     * noticed as early as after a fast one.
     */
    private long shortened(long late) {
        double share = LEAST_THROTTLE + (1 - LEAST_THROTTLE) * random.getAsDouble();
        return (long) (throttle.toNanos() * share) - Math.max(0, late);
    }

    private Uni<Result<V>> cachedSharedOrFetched(
            CacheKey key, InFlightLoad<V> load, ResponseOrigin<V> origin, Wanted wanted) {
        Result<V> completed = justCompleted(key, wanted);
        return completed == null
                ? sharedOrFetched(key, load, origin, wanted)
                : Uni.createFrom().item(completed);
    }

    /** Another load may have completed between the caller's read of the cache and the start of this load. */
    private Result<V> justCompleted(CacheKey key, Wanted wanted) {
        long now = time.ticker().read();
        CacheEntry<V> entry = store.entry(key, now);
        if (entry == null) {
            Throwable rejection = store.rejection(key);
            return rejection == null ? null : Result.failed(rejection);
        }
        return switch (FreshnessPolicy.step(
                store.ageForLoading(entry, now), entry.lifetimes(), store.throttle(entry, now), CacheDirective.NONE)) {
            case SERVE -> Result.of(entry, Origin.CACHED);
            case SERVE_AND_REVALIDATE -> wanted == Wanted.USABLE ? Result.of(entry, Origin.CACHED) : null;
            case SERVE_STALE -> Result.of(entry, Origin.THROTTLED);
            case SERVE_STALE_AND_LOAD, LOAD, GIVE_UP -> null;
        };
    }

    /**
     * Each load makes one lookup in the shared cache, even if it accepts no copy: storing after the call needs a lookup
     * from before it.
     */
    private Uni<Result<V>> sharedOrFetched(
            CacheKey key, InFlightLoad<V> load, ResponseOrigin<V> origin, Wanted wanted) {
        return Uni.createFrom()
                .deferred(origin::lookup)
                .onFailure()
                .recoverWithItem(SharedCacheEntry.none())
                .chain(shared -> {
                    CacheEntry<V> copy = wanted == Wanted.NONE ? null : adopt(key, load, shared);
                    return copy != null && isGoodEnough(copy, wanted)
                            ? Uni.createFrom().item(Result.of(copy, Origin.SHARED))
                            : fetch(key, load, origin, wanted, shared);
                });
    }

    /** An unusable copy counts as none. */
    private CacheEntry<V> adopt(CacheKey key, InFlightLoad<V> load, SharedCacheEntry<V> shared) {
        try {
            return shared.copy()
                    .map(other -> store.adopt(key, load.order(), other))
                    .orElse(null);
        } catch (Throwable defect) {
            Infrastructure.handleDroppedException(defect);
            return null;
        }
    }

    private boolean isGoodEnough(CacheEntry<V> copy, Wanted wanted) {
        long now = time.ticker().read();
        long age = store.ageForLoading(copy, now);
        return age < copy.lifetimes().fresh()
                || wanted == Wanted.USABLE && age < copy.lifetimes().revalidate();
    }

    private Uni<Result<V>> fetch(
            CacheKey key, InFlightLoad<V> load, ResponseOrigin<V> origin, Wanted wanted, SharedCacheEntry<V> shared) {
        return call(key, origin, wanted)
                .onFailure(failure -> traits.outcome(failure).isRejection())
                .invoke(() -> attempt(shared::remove))
                .map(fetched -> {
                    double jitter = store.jitter();
                    CacheEntry<V> entry = store.put(key, load.order(), fetched, jitter);
                    if (store.isCurrent(key, load.order(), entry)) {
                        // a failure to share must not fail the load
                        attempt(() -> shared.store(
                                fetched,
                                jitter,
                                Duration.ofNanos(entry.lifetimes().end())));
                    }
                    return Result.of(entry, Origin.LOADED);
                });
    }

    private Uni<LoadedResponse<V>> call(CacheKey key, ResponseOrigin<V> origin, Wanted wanted) {
        long now = time.ticker().read();
        CacheEntry<V> entry = store.entry(key, now);
        return wanted != Wanted.NONE
                        && entry != null
                        && FreshnessPolicy.failSafe(entry.age(now), entry.lifetimes(), CacheDirective.NONE)
                ? origin.callOnce()
                : origin.call();
    }
}
