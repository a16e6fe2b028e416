package io.github.mfagateway.cache;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

import io.github.mfagateway.cache.InFlightLoad.Origin;
import io.github.mfagateway.cache.InFlightLoad.Result;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;

/**
 * Runs loads: looks at what other replicas share, calls the origin, caches. Every load completes, once, in
 * {@link #complete}, whatever throws and whatever never ends.
 */
final class Loader<V> {

    /** Which copies of other replicas a load accepts instead of a call. */
    enum Wanted {
        /** None: the caller wants the origin's. */
        NONE,
        /** A fresh one: what is here can be served already. */
        FRESH,
        /** Any that the cache would serve. */
        USABLE
    }

    // of the throttle's duration: so recovery shows within it, and keys that failed together are not loaded together
    private static final double LEAST_THROTTLE = 0.9;

    private final CacheStore<V> store;
    private final InFlightLoads<V> loads;
    private final ResponseTraits<V> traits;
    private final Duration deadline;
    private final Duration softTimeout;
    private final Duration throttle;
    private final Time time;
    private final DoubleSupplier random;

    Loader(
            CacheStore<V> store,
            InFlightLoads<V> loads,
            ResponseTraits<V> traits,
            Duration deadline,
            CacheSettings settings,
            Time time,
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

    /** Loads in the background, unless the key is throttled or a load of it is under way. */
    void revalidate(CacheKey key, CacheEntry<V> entry, Load<V> origin) {
        long now = time.ticker().read();
        if (entry.throttle(now) != Throttle.NONE) {
            return;
        }
        InFlightLoad<V> load = loads.beginInBackground(now);
        if (loads.offer(key, load)) {
            start(key, load, origin, Wanted.FRESH);
        }
    }

    /** Starts a load. What it fetches is cached before anybody is notified. */
    void start(CacheKey key, InFlightLoad<V> load, Load<V> origin, Wanted wanted) {
        try {
            load.watchedBy(
                    time.timer().schedule(() -> deadlinePassed(key, load), deadline.toNanos(), TimeUnit.NANOSECONDS));
            Uni.createFrom()
                    .deferred(() -> cachedSharedOrFetched(key, load, origin, wanted))
                    .subscribe()
                    .with(result -> loaded(key, load, origin, result), failure -> failed(key, load, failure));
        } catch (Throwable defect) {
            complete(key, load, Result.failed(defect));
        }
    }

    /** The one place where a load completes. Nothing in it throws. */
    private void complete(CacheKey key, InFlightLoad<V> load, Result<V> result) {
        if (loads.complete(key, load, result) && load.isInBackground()) {
            attempt(() ->
                    traits.revalidated(result.failure() == null ? Outcome.ANSWERED : traits.outcome(result.failure())));
        }
    }

    private void loaded(CacheKey key, InFlightLoad<V> load, Load<V> origin, Result<V> result) {
        complete(key, load, result);
        if (result.origin() == Origin.SHARED
                && !result.entry().isFresh(time.ticker().read())) {
            revalidate(key, result.entry(), origin);
        }
    }

    private void failed(CacheKey key, InFlightLoad<V> load, Throwable failure) {
        attempt(() -> keepInMind(key, load, failure));
        complete(key, load, Result.failed(failure));
    }

    private void deadlinePassed(CacheKey key, InFlightLoad<V> load) {
        Throwable failure;
        try {
            failure = traits.deadlinePassed();
        } catch (Throwable defect) {
            failure = defect;
        }
        Throwable why = failure;
        attempt(() -> keepInMind(key, load, why));
        complete(key, load, Result.failed(why));
    }

    /** What throws here is a defect, and keeps nobody waiting. */
    private static void attempt(Runnable step) {
        try {
            step.run();
        } catch (Throwable defect) {
            Infrastructure.handleDroppedException(defect);
        }
    }

    /** A rejection ends what is cached; any other failure throttles the key. */
    private void keepInMind(CacheKey key, InFlightLoad<V> load, Throwable failure) {
        Outcome outcome = traits.outcome(failure);
        if (isRejection(outcome)) {
            store.reject(key, load.order(), outcome == Outcome.REFUSED ? Optional.of(failure) : Optional.empty());
        } else {
            Duration shorter = traits.notCalledFor(failure)
                    .filter(hint -> hint.compareTo(throttle) < 0)
                    .orElse(throttle);
            throttle(key, load, outcome == Outcome.UNAVAILABLE ? Throttle.UNAVAILABLE : Throttle.FAILED, shorter);
        }
    }

    /** No load of the key starts for a while, unless a newer one has succeeded already. */
    void throttle(CacheKey key, InFlightLoad<V> load, Throttle why) {
        throttle(key, load, why, throttle);
    }

    private void throttle(CacheKey key, InFlightLoad<V> load, Throttle why, Duration duration) {
        long now = time.ticker().read();
        CacheEntry<V> entry = store.entry(key, now);
        if (entry != null && !entry.isNewerThan(load.order())) {
            double share = LEAST_THROTTLE + (1 - LEAST_THROTTLE) * random.getAsDouble();
            // a slow failure counts from the soft timeout on, so that recovery does not show later after it
            long late = Math.max(0, load.age(now) - softTimeout.toNanos());
            entry.throttle(why, now, (long) (duration.toNanos() * share) - late);
        }
    }

    private static boolean isRejection(Outcome outcome) {
        return outcome == Outcome.REFUSED || outcome == Outcome.BARRED;
    }

    private Uni<Result<V>> cachedSharedOrFetched(CacheKey key, InFlightLoad<V> load, Load<V> origin, Wanted wanted) {
        if (wanted == Wanted.USABLE) {
            Result<V> cached = justCached(key);
            if (cached != null) {
                return Uni.createFrom().item(cached);
            }
        }
        return sharedOrFetched(key, load, origin, wanted);
    }

    /** Another load may have completed between the caller's look into the cache and the beginning of this one. */
    private Result<V> justCached(CacheKey key) {
        long now = time.ticker().read();
        CacheEntry<V> entry = store.entry(key, now);
        if (entry != null && store.ageForLoading(entry, now) < entry.lifetimes().revalidate()) {
            return Result.of(entry, Origin.CACHED);
        }
        Throwable rejection = store.rejection(key);
        return rejection == null ? null : Result.failed(rejection);
    }

    /**
     * One lookup in the shared cache belongs to each load. A load that accepts no copy looks, too: only what was looked up
     * before the call can be stored after it.
     */
    private Uni<Result<V>> sharedOrFetched(CacheKey key, InFlightLoad<V> load, Load<V> origin, Wanted wanted) {
        return origin.lookup().onFailure().recoverWithItem(SharedEntry.none()).chain(shared -> {
            CacheEntry<V> copy = wanted == Wanted.NONE
                    ? null
                    : shared.copy()
                            .map(other -> store.adopt(key, load.order(), other))
                            .orElse(null);
            return copy != null && isGoodEnough(copy, wanted)
                    ? Uni.createFrom().item(Result.of(copy, Origin.SHARED))
                    : fetch(key, load, origin, shared);
        });
    }

    private boolean isGoodEnough(CacheEntry<V> copy, Wanted wanted) {
        long now = time.ticker().read();
        long age = store.ageForLoading(copy, now);
        return age < copy.lifetimes().fresh()
                || wanted == Wanted.USABLE && age < copy.lifetimes().revalidate();
    }

    private Uni<Result<V>> fetch(CacheKey key, InFlightLoad<V> load, Load<V> origin, SharedEntry<V> shared) {
        return origin.ask()
                .onFailure(failure -> isRejection(traits.outcome(failure)))
                .invoke(() -> attempt(shared::remove))
                .map(fetched -> {
                    double jitter = store.jitter();
                    CacheEntry<V> entry = store.put(key, load.order(), fetched, jitter);
                    if (store.isCurrent(key, load.order(), entry)) {
                        // the response is good without the shared cache
                        attempt(() -> shared.store(
                                fetched,
                                jitter,
                                Duration.ofNanos(entry.lifetimes().end())));
                    }
                    return Result.of(entry, Origin.LOADED);
                });
    }
}
