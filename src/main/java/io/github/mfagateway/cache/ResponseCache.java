package io.github.mfagateway.cache;

import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleSupplier;

import io.github.mfagateway.cache.CacheResult.Source;
import io.github.mfagateway.cache.InFlightLoad.Result;
import io.github.mfagateway.config.CacheSettings;
import io.smallrye.mutiny.Uni;

/**
 * Serves cached responses by {@link FreshnessPolicy}, and loads the others. Concurrent callers of one key share a load. A
 * caller who disconnects does not cancel it, and all of its callers receive its failure.
 *
 * <p>Fail-safe, soft timeout and throttle are FusionCache's. A caller with a usable stale response waits for a load at most
 * {@code mfa.cache.soft-timeout}. After a load that failed or took longer, the stale response is served at once for
 * {@code mfa.cache.retry-after-failure}. The load continues until the deadline, and its response is cached.
 */
public final class ResponseCache<V> implements InvalidationListener {

    private final CacheStore<V> store;
    private final TimeSources time;
    private final OriginAdapter<V> traits;
    private final Duration softTimeout;
    private final InFlightLoads<V> loads = new InFlightLoads<>();
    private final ResponseLoader<V> loader;

    /**
     * @param deadline of a load
     * @param random from 0 (inclusive) to 1 (exclusive), for the jitter
     */
    public ResponseCache(
            CacheSettings settings,
            Duration deadline,
            OriginAdapter<V> traits,
            TimeSources time,
            DoubleSupplier random) {
        this.store = new CacheStore<>(settings, traits::bytes, time, random);
        this.time = time;
        this.traits = traits;
        this.softTimeout = settings.softTimeout();
        this.loader = new ResponseLoader<>(store, loads, traits, deadline, settings, time, random);
    }

    /**
     * The response for a key.
     *
     * @param load called at most once; not called if another load is joined or nothing needs to be loaded
     * @return the response; fails with the load's failure or {@link NotCachedException}
     */
    public Uni<CacheResult<V>> get(CacheKey key, CacheDirective directive, ResponseOrigin<V> load) {
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

    /** The fresh response, which {@link #get} would serve without a load. */
    public Optional<CacheResult<V>> fresh(CacheKey key) {
        long now = now();
        CacheEntry<V> entry = store.entry(key, now);
        return entry != null
                        && store.ageForLoading(entry, now) < entry.lifetimes().fresh()
                ? Optional.of(CacheResult.in(entry, Source.FRESH, now, true))
                : Optional.empty();
    }

    /** The order of a call that begins now, for {@link #reject}. */
    public long nextOrder() {
        return loads.nextOrder();
    }

    /**
     * Another call was rejected with this key's token: no response from before that call is served again.
     *
     * @param order {@link #nextOrder} when the call began
     */
    public void reject(CacheKey key, long order) {
        store.reject(key, order, Optional.empty());
    }

    /**
     * The user's factors have changed: no earlier response is served again, for any of the user's keys.
     *
     * @param key one of the user's
     * @param subject the user's, if it is verified
     * @return the verified subject of the key's entry, if it is cached and has one
     */
    public Optional<String> invalidate(CacheKey key, Optional<String> subject) {
        long now = loads.invalidate();
        Optional<String> owner = store.invalidateOwner(key, now);
        store.invalidate(key, now);
        subject.ifPresent(verified -> store.invalidate(verified, now));
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
    public void invalidateAll() {
        store.invalidateAll(loads.invalidate());
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

    /** Entries that were evicted because the cache was full. */
    public long evictions() {
        return store.evictions();
    }

    /** Keys with an in-flight load. */
    int loading() {
        return loads.size();
    }

    private long now() {
        return time.ticker().read();
    }

    private Uni<CacheResult<V>> cached(CacheEntry<V> entry, Source source, long now) {
        return Uni.createFrom().item(CacheResult.in(entry, source, now, true));
    }

    /** Starts a new load: an earlier one may return what was true before the request. */
    private Uni<CacheResult<V>> bypass(CacheKey key, ResponseOrigin<V> load) {
        InFlightLoad<V> mine = loads.begin(now());
        loads.offer(key, mine);
        loader.start(key, mine, load, ResponseLoader.Wanted.NONE);
        return completed(key, mine.result(), CacheDirective.NO_CACHE, Source.BYPASS, Source.BYPASS);
    }

    private Uni<CacheResult<V>> load(CacheKey key, CacheEntry<V> stale, ResponseOrigin<V> load) {
        Throwable rejection = store.rejection(key);
        if (rejection != null) {
            return Uni.createFrom().failure(rejection);
        }
        long now = now();
        InFlightLoad<V> mine = loads.begin(now);
        InFlightLoad<V> joined = loads.join(key, mine);
        if (joined == mine) {
            loader.start(key, mine, load, ResponseLoader.Wanted.USABLE);
        }
        Source collapsed = stale == null ? Source.COLLAPSED : Source.COLLAPSED_EXPIRED;
        Source loaded = joined != mine ? collapsed : stale == null ? Source.MISS : Source.EXPIRED;
        Uni<CacheResult<V>> completed = completed(key, joined.result(), CacheDirective.NONE, loaded, collapsed);
        if (joined.isComplete()) {
            return completed;
        }
        // without a stale response, too, because the load may adopt one from the shared cache
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

    /** The stale response, unless it was invalidated or rejected meanwhile. The load continues without this caller. */
    private Optional<Uni<CacheResult<V>>> softTimeoutPassed(CacheKey key, InFlightLoad<V> load) {
        long now = now();
        CacheEntry<V> entry = store.entry(key, now);
        if (entry == null || !isUsable(entry, now)) {
            return Optional.empty();
        }
        loader.softTimeoutPassed(key, load);
        // after all entries expired, a young one is no fresh one
        boolean fresh = store.ageForLoading(entry, now) < entry.lifetimes().fresh();
        return Optional.of(cached(entry, fresh ? Source.FRESH : Source.STALE, now));
    }

    private Source stale(CacheEntry<V> entry, long now) {
        return store.throttle(entry, now) == LoadThrottle.OVERLOADED ? Source.OVERLOADED : Source.STALE;
    }

    private static boolean isUsable(CacheEntry<?> entry, long now) {
        return FreshnessPolicy.failSafe(entry.age(now), entry.lifetimes(), CacheDirective.NONE);
    }

    /**
     * @param loaded the source of the load's own response
     * @param justCached the source of a response that another load had cached when this one began
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
                // the entry is newer than the rejected load
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
