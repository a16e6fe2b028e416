package io.github.mfagateway.cache;

import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleSupplier;

import io.github.mfagateway.cache.CacheResult.Source;
import io.github.mfagateway.cache.InFlightLoad.Result;
import io.github.mfagateway.config.CacheSettings;
import io.smallrye.mutiny.Uni;

/**
 * Cached responses as {@link FreshnessPolicy} says, and loads for the others. Concurrent callers of one key share a load; a
 * caller who disconnects cancels nothing; a failed load is reported to everybody who waited for it.
 *
 * <p>Fail-safe, soft timeout and throttle are FusionCache's: a caller with a usable stale response waits for a load at most
 * {@code mfa.cache.soft-timeout}, and after one that failed or took longer the stale response is served at once for
 * {@code mfa.cache.retry-after-failure}. The load goes on until the deadline, and what it fetches is cached.
 */
public final class ResponseCache<V> implements Invalidations {

    private final CacheStore<V> store;
    private final Time time;
    private final ResponseTraits<V> traits;
    private final Duration softTimeout;
    private final InFlightLoads<V> loads = new InFlightLoads<>();
    private final Loader<V> loader;

    /**
     * @param deadline the longest that a load is waited for
     * @param random from 0 (inclusive) to 1 (exclusive), for the jitter
     */
    public ResponseCache(
            CacheSettings settings, Duration deadline, ResponseTraits<V> traits, Time time, DoubleSupplier random) {
        this.store = new CacheStore<>(settings, traits::bytes, time, random);
        this.time = time;
        this.traits = traits;
        this.softTimeout = settings.softTimeout();
        this.loader = new Loader<>(store, loads, traits, deadline, settings, time, random);
    }

    /**
     * The response for a key.
     *
     * @param load used at most once, and not for every caller
     * @return fails with the load's failure, or with {@link NotCachedException}
     */
    public Uni<CacheResult<V>> get(CacheKey key, CacheDirective directive, Load<V> load) {
        long now = now();
        CacheEntry<V> entry = store.entry(key, now);
        FreshnessPolicy.Step step = entry == null
                ? FreshnessPolicy.stepWithoutEntry(directive)
                : FreshnessPolicy.step(
                        store.ageForLoading(entry, now), entry.lifetimes(), store.throttle(entry, now), directive);
        return switch (step) {
            case SERVE -> cached(entry, entry.isFresh(now) ? Source.FRESH : Source.UNREFRESHED, now);
            case SERVE_AND_REVALIDATE -> {
                loader.revalidate(key, entry, load);
                yield cached(entry, Source.REVALIDATING, now);
            }
            case SERVE_STALE -> cached(entry, stale(entry, now), now);
            case SERVE_STALE_AND_LOAD -> {
                loader.revalidate(key, entry, load);
                yield cached(entry, Source.STALE, now);
            }
            case LOAD -> directive == CacheDirective.NO_CACHE ? bypass(key, load) : load(key, entry, load);
            case GIVE_UP -> Uni.createFrom().failure(new NotCachedException());
        };
    }

    /** What {@link #get} would serve at once and without a load in the background: only a fresh response. */
    public Optional<CacheResult<V>> fresh(CacheKey key) {
        long now = now();
        CacheEntry<V> entry = store.entry(key, now);
        return entry != null
                        && store.ageForLoading(entry, now) < entry.lifetimes().fresh()
                ? Optional.of(CacheResult.in(entry, Source.FRESH, now, true))
                : Optional.empty();
    }

    /** The order of a call that begins now, for {@link #reject}. */
    public long mark() {
        return loads.mark();
    }

    /**
     * The key was rejected by a call elsewhere: what is cached from before that call began is not served again.
     *
     * @param mark taken when the call began
     */
    public void reject(CacheKey key, long mark) {
        store.reject(key, mark, Optional.empty());
    }

    /**
     * The user's factors have changed: no response from before is served again, for whichever of the user's keys.
     *
     * @param key one of the user's
     * @param subject the user's, if it is proven
     * @return the subject that the key's entry was loaded with, if it is cached and had one: proven, too
     */
    public Optional<String> invalidate(CacheKey key, Optional<String> subject) {
        long now = loads.invalidate();
        Optional<String> owner = store.invalidateOwner(key, now);
        store.invalidate(key, now);
        subject.ifPresent(proven -> store.invalidate(proven, now));
        return owner;
    }

    @Override
    public void invalidate(String user) {
        store.invalidate(user, loads.invalidate());
    }

    @Override
    public void invalidate(CacheKey key) {
        invalidate(key, Optional.empty());
    }

    @Override
    public void expireAll() {
        store.expireAll(loads.invalidate());
    }

    /** Estimated. */
    public long size() {
        return store.size();
    }

    /** The heap that the entries take, estimated. */
    public long bytes() {
        return store.bytes();
    }

    /** Keys whose load is under way. */
    int loading() {
        return loads.size();
    }

    private long now() {
        return time.ticker().read();
    }

    private Uni<CacheResult<V>> cached(CacheEntry<V> entry, Source source, long now) {
        return Uni.createFrom().item(CacheResult.in(entry, source, now, true));
    }

    /** A load that began earlier may fetch what was true before the caller asked: only a new one will do. */
    private Uni<CacheResult<V>> bypass(CacheKey key, Load<V> load) {
        InFlightLoad<V> mine = loads.begin(now());
        loads.offer(key, mine);
        loader.start(key, mine, load, Loader.Wanted.NONE);
        return completed(key, mine.result(), CacheDirective.NO_CACHE, Source.BYPASS, Source.BYPASS);
    }

    private Uni<CacheResult<V>> load(CacheKey key, CacheEntry<V> stale, Load<V> load) {
        Throwable rejection = store.rejection(key);
        if (rejection != null) {
            return Uni.createFrom().failure(rejection);
        }
        long now = now();
        InFlightLoad<V> mine = loads.begin(now);
        InFlightLoad<V> joined = loads.join(key, mine);
        if (joined == mine) {
            loader.start(key, mine, load, Loader.Wanted.USABLE);
        }
        Source collapsed = stale == null ? Source.COLLAPSED : Source.COLLAPSED_EXPIRED;
        Source loaded = joined != mine ? collapsed : stale == null ? Source.MISS : Source.EXPIRED;
        Uni<CacheResult<V>> completed = completed(key, joined.result(), CacheDirective.NONE, loaded, collapsed);
        if (stale == null || !isUsable(stale, now) || joined.isComplete()) {
            return completed;
        }
        return joined.age(now) >= softTimeout.toNanos()
                ? softTimeoutPassed(key, joined).orElse(completed)
                : withSoftTimeout(key, joined, completed);
    }

    private Uni<CacheResult<V>> withSoftTimeout(CacheKey key, InFlightLoad<V> load, Uni<CacheResult<V>> completed) {
        return load.result()
                .map(result -> true)
                .ifNoItem()
                .after(softTimeout)
                .on(time.timer())
                .recoverWithItem(false)
                .chain(inTime ->
                        inTime ? completed : softTimeoutPassed(key, load).orElse(completed));
    }

    /** The stale response, unless it was invalidated or rejected meanwhile; the load goes on without this caller. */
    private Optional<Uni<CacheResult<V>>> softTimeoutPassed(CacheKey key, InFlightLoad<V> load) {
        long now = now();
        CacheEntry<V> entry = store.entry(key, now);
        if (entry == null || !isUsable(entry, now)) {
            return Optional.empty();
        }
        loader.softTimeoutPassed(key, load);
        return Optional.of(cached(entry, entry.isFresh(now) ? Source.FRESH : Source.STALE, now));
    }

    private Source stale(CacheEntry<V> entry, long now) {
        return store.throttle(entry, now) == Throttle.OVERLOADED ? Source.OVERLOADED : Source.STALE;
    }

    private static boolean isUsable(CacheEntry<?> entry, long now) {
        return FreshnessPolicy.failSafe(entry.age(now), entry.lifetimes(), CacheDirective.NONE);
    }

    /**
     * @param loaded the source of a response that the load brings
     * @param justCached the source of one that another load had brought when this one began
     */
    private Uni<CacheResult<V>> completed(
            CacheKey key, Uni<Result<V>> load, CacheDirective directive, Source loaded, Source justCached) {
        return load.chain(result -> {
            long now = now();
            CacheEntry<V> entry = store.entry(key, now);
            if (result.failure() == null) {
                Source source =
                        switch (result.origin()) {
                            case LOADED -> loaded;
                            case SHARED -> Source.SHARED;
                            case CACHED -> justCached;
                            case THROTTLED -> stale(result.entry(), now);
                        };
                return Uni.createFrom().item(CacheResult.in(result.entry(), source, now, result.entry() == entry));
            }
            LoadOutcome outcome = traits.outcome(result.failure());
            if (entry != null && outcome.isRejection() && directive != CacheDirective.NO_CACHE) {
                // it is newer than the load that was rejected
                return cached(entry, justCached, now);
            }
            return entry != null
                            && outcome.allowsStale()
                            && FreshnessPolicy.failSafe(entry.age(now), entry.lifetimes(), directive)
                    ? cached(entry, outcome == LoadOutcome.OVERLOADED ? Source.OVERLOADED : Source.STALE, now)
                    : Uni.createFrom().failure(result.failure());
        });
    }
}
