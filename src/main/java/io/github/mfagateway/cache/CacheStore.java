package io.github.mfagateway.cache;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.function.ToIntFunction;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Ticker;

import io.github.mfagateway.config.CacheSettings;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * Cached responses and, for a short time, rejections. Loads and invalidations are numbered in the order they begin. A
 * response whose load began before its user was invalidated is never served again.
 */
// Caffeine loads its classes by name, and Quarkus registers none with a weigher
@RegisterForReflection(
        classNames = {"com.github.benmanes.caffeine.cache.SSMW", "com.github.benmanes.caffeine.cache.SSMWW"})
final class CacheStore<V> {

    /** Heap that an entry takes beside its response: key, entry, user, Caffeine's and the maps' nodes (EntryCostTest). */
    static final int ENTRY_BYTES = 512;

    // an opaque token has no known expiry; ten years stand for none
    private static final Duration NO_END = Duration.ofDays(3650);

    // replicas' wall clocks differ by at most this
    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(2);

    // Caffeine leaves an entry that is rewritten within a second as old as it was
    private static final Duration REWRITTEN = Duration.ofSeconds(1);

    private static final double LEAST_JITTER = 0.9;
    private static final double MOST_JITTER = 1.1;

    private final CacheSettings settings;
    private final Ticker ticker;
    private final InstantSource clock;
    private final DoubleSupplier random;
    private final Cache<CacheKey, CacheEntry<V>> entries;
    private final NegativeCache rejections;
    private final EntryOwners users = new EntryOwners();

    private final AtomicLong expiredAllAt = new AtomicLong();
    private final AtomicLong invalidatedAllAt = new AtomicLong();
    private final AtomicLong responses = new AtomicLong();
    private final LongAdder evictions = new LongAdder();

    CacheStore(CacheSettings settings, ToIntFunction<V> bytes, TimeSources time, DoubleSupplier random) {
        this.settings = settings;
        this.ticker = time.ticker();
        this.clock = time.clock();
        this.random = random;
        this.entries = Caffeine.newBuilder()
                .maximumWeight(CacheSettings.boundInBytes(settings))
                .<CacheKey, CacheEntry<V>>weigher((key, entry) -> ENTRY_BYTES + bytes.applyAsInt(entry.response()))
                // one lifetime for all entries, because with individual ones Caffeine would record every read
                .expireAfterWrite(longest(settings).plus(REWRITTEN))
                .evictionListener((key, entry, cause) -> {
                    if (cause == RemovalCause.SIZE) {
                        evictions.increment();
                    }
                })
                .ticker(ticker)
                // its maintenance is short, and a hit must not change threads
                .executor(Runnable::run)
                .build();
        this.rejections = new NegativeCache(settings.refused(), ticker);
    }

    /** The key's entry if it may be used now, or null. */
    CacheEntry<V> entry(CacheKey key, long now) {
        CacheEntry<V> entry = entries.getIfPresent(key);
        if (entry == null || isInvalidated(entry)) {
            // the entry stays: its order shows that it is newer than a rejection that arrives later
            return null;
        }
        if (entry.left(now) == 0 || hasExpired(entry)) {
            entries.asMap().remove(key, entry);
            return null;
        }
        return entry;
    }

    /** True if its load began before its user, or everything, was invalidated. */
    private boolean isInvalidated(CacheEntry<V> entry) {
        return entry.isInvalidated() || entry.isOlderThan(invalidatedAllAt.get());
    }

    /** Reads the wall clock, because the ticker stops while the machine is suspended. */
    private boolean hasExpired(CacheEntry<V> entry) {
        return entry.expiresAt() != CacheEntry.NEVER && clock.millis() >= entry.expiresAt();
    }

    private static Duration longest(CacheSettings settings) {
        return Duration.ofNanos(
                FreshnessLifetimes.of(settings, MOST_JITTER, NO_END).end());
    }

    /** The entry's age for the decision whether to load. After {@link #expireAll}, every older entry needs a load. */
    long ageForLoading(CacheEntry<V> entry, long now) {
        long age = entry.age(now);
        return hasExpiredWithAll(entry) ? Math.max(age, entry.lifetimes().revalidate()) : age;
    }

    private boolean hasExpiredWithAll(CacheEntry<V> entry) {
        return entry.isOlderThan(expiredAllAt.get());
    }

    /** The number of the origin's responses, for all keys. */
    long responses() {
        return responses.get();
    }

    LoadThrottle throttle(CacheEntry<V> entry, long now) {
        return entry.throttle(now, responses());
    }

    /** The reason of the key's cached rejection, or null. */
    Throwable rejection(CacheKey key) {
        return rejections.reason(key);
    }

    /** From 0.9 to 1.1. */
    double jitter() {
        return LEAST_JITTER + (MOST_JITTER - LEAST_JITTER) * random.getAsDouble();
    }

    /** Caches a loaded response, unless it precedes a rejection or is older than the cached one. */
    CacheEntry<V> put(CacheKey key, long order, LoadedResponse<V> fetched, double jitter) {
        responses.incrementAndGet();
        FreshnessLifetimes lifetimes = FreshnessLifetimes.of(settings, jitter, expiresIn(fetched));
        long expiresAt = fetched.expires().map(CacheStore::millis).orElse(CacheEntry.NEVER);
        CacheEntry<V> entry = entry(key, order, fetched, lifetimes, ticker.read(), expiresAt, false);
        entries.asMap().compute(key, (k, other) -> {
            if (rejections.isSince(key, order)) {
                return other;
            }
            rejections.remove(key);
            // an adopted copy may be older than the response, whatever the order of their loads
            CacheEntry<V> newest =
                    other == null || !other.isNewerThan(order) || other.isOlderCopyThan(entry) ? entry : other;
            return newest.lifetimes().end() == 0 ? null : newest;
        });
        return entry;
    }

    /** False if the load's key or user was invalidated, or the key rejected, after the load began. */
    boolean isCurrent(CacheKey key, long order, CacheEntry<V> loaded) {
        return !isInvalidated(loaded) && !rejections.isSince(key, order);
    }

    /**
     * Caches another replica's response with the age that it has.
     *
     * @return null if the local entry is at least as new, or if the copy has expired
     */
    CacheEntry<V> adopt(CacheKey key, long order, SharedCacheEntry.Copy<V> copy) {
        long now = ticker.read();
        // lifetimes count from its age; the token's expiry is by another replica's clock
        Duration end = expiresIn(copy.fetched()).minus(CLOCKS_DIFFER).plus(copy.age());
        FreshnessLifetimes lifetimes = FreshnessLifetimes.of(settings, copy.jitter(), end);
        long expiresAt = copy.fetched()
                .expires()
                .map(expires -> millis(expires) - CLOCKS_DIFFER.toMillis())
                .orElse(CacheEntry.NEVER);
        CacheEntry<V> entry =
                entry(key, order, copy.fetched(), lifetimes, now - copy.age().toNanos(), expiresAt, true);
        if (entry.left(now) == 0) {
            return null;
        }
        CacheEntry<V> cached = entries.asMap()
                .compute(
                        key,
                        (k, other) -> !rejections.isSince(key, order) && isBetter(entry, other, now) ? entry : other);
        return cached == entry ? entry : null;
    }

    private boolean isBetter(CacheEntry<V> entry, CacheEntry<V> other, long now) {
        return other == null
                || isInvalidated(other)
                || other.left(now) == 0
                || other.isOlderThan(entry) && (hasExpiredWithAll(other) || other.wasFetchedWellBefore(entry));
    }

    private CacheEntry<V> entry(
            CacheKey key,
            long order,
            LoadedResponse<V> fetched,
            FreshnessLifetimes lifetimes,
            long fetchedAt,
            long expiresAt,
            boolean adopted) {
        Object identity = fetched.subject().isPresent() ? fetched.subject().get() : key;
        return new CacheEntry<>(
                fetched.response(), users.of(identity), lifetimes, fetchedAt, expiresAt, order, adopted);
    }

    private Duration expiresIn(LoadedResponse<V> fetched) {
        return fetched.expires()
                .map(end -> Duration.between(clock.instant(), end))
                .map(left -> left.isNegative() ? Duration.ZERO : left)
                .filter(left -> left.compareTo(NO_END) < 0)
                .orElse(NO_END);
    }

    private static long millis(Instant end) {
        // an expiry that a long cannot hold is none
        return end.getEpochSecond() > Long.MAX_VALUE / 1000 - 1 ? CacheEntry.NEVER : end.getEpochSecond() * 1000;
    }

    /**
     * The load was rejected: no response from before it, cached or in flight, is served again. A newer one stays, unless another
     * replica fetched it, at an unknown time.
     *
     * @param reason cached for a short time; empty if the next caller may load
     */
    void reject(CacheKey key, long order, Optional<Throwable> reason) {
        entries.asMap().compute(key, (k, entry) -> {
            if (entry != null && entry.isNewerThan(order) && !entry.isAdopted()) {
                return entry;
            }
            rejections.since(key, order);
            reason.ifPresent(why -> rejections.put(key, why));
            return null;
        });
    }

    /** Invalidates all entries of a subject, or the entry of a key whose load named no subject. */
    void invalidate(Object identity, long order) {
        if (identity instanceof CacheKey key) {
            // the user of an in-flight load may not be known yet
            rejections.since(key, order);
        }
        users.invalidate(users.of(identity), order);
    }

    /**
     * Invalidates all entries of the user who owns the key's entry.
     *
     * @return that user's subject, if the key is cached with one
     */
    Optional<String> invalidateOwner(CacheKey key, long order) {
        CacheEntry<V> entry = entries.getIfPresent(key);
        if (entry == null) {
            return Optional.empty();
        }
        users.invalidate(entry.user(), order);
        return entry.user().subject();
    }

    /** No response from before it, cached or in flight, is served again. */
    void invalidateAll(long order) {
        invalidatedAllAt.accumulateAndGet(order, Math::max);
    }

    void expireAll(long order) {
        // each entry expires when it is read, because visiting all of them would occupy a thread for long
        expiredAllAt.accumulateAndGet(order, Math::max);
    }

    /** Entries that were evicted because the cache was full. */
    long evictions() {
        return evictions.sum();
    }

    long size() {
        return entries.estimatedSize();
    }

    long bytes() {
        return entries.policy().eviction().orElseThrow().weightedSize().orElseThrow();
    }
}
