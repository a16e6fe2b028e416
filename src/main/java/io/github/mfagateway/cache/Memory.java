package io.github.mfagateway.cache;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.DoubleSupplier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;

/**
 * What is remembered: answers, and for a moment refusals. Loads and evictions are numbered in the order they begin; an
 * answer of a load that began before its user was evicted is never given again, however late it arrives.
 */
final class Memory<V> {

    // refusals are small and short-lived; their bound is their own, so that they cannot push answers out
    private static final int MAX_REFUSALS = 10_000;

    // an opaque token tells no end; ten years are none
    private static final Duration NO_END = Duration.ofDays(3650);

    private final CacheSettings settings;
    private final Ticker ticker;
    private final InstantSource clock;
    private final DoubleSupplier random;
    private final Cache<CacheKey, Entry<V>> entries;
    private final Cache<CacheKey, Throwable> refusals;
    private final Users users;

    Memory(CacheSettings settings, Ticker ticker, InstantSource clock, DoubleSupplier random) {
        this.settings = settings;
        this.ticker = ticker;
        this.clock = clock;
        this.random = random;
        this.users = new Users(settings.maxEntries());
        this.entries = Caffeine.newBuilder()
                .maximumSize(settings.maxEntries())
                .expireAfter(Expiry.<CacheKey, Entry<V>>writing(
                        (key, entry) -> Duration.ofNanos(entry.windows().end())))
                .ticker(ticker)
                // without listeners its upkeep is short, and a hit must not change threads
                .executor(Runnable::run)
                .build();
        this.refusals = Caffeine.newBuilder()
                .maximumSize(MAX_REFUSALS)
                .expireAfterWrite(settings.refused())
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    /** What is remembered for the key, or null. */
    Entry<V> entry(CacheKey key) {
        Entry<V> entry = entries.getIfPresent(key);
        if (entry != null && entry.isEvicted()) {
            entries.asMap().remove(key, entry);
            return null;
        }
        return entry;
    }

    /** Why the key was refused a moment ago, or null. */
    Throwable refusal(CacheKey key) {
        return refusals.getIfPresent(key);
    }

    Entry<V> keep(CacheKey key, Flight<V> flight, Fetched<V> fetched) {
        Object identity = fetched.subject().isPresent() ? fetched.subject().get() : key;
        Duration expiresIn = fetched.expires()
                .map(end -> Duration.between(clock.instant(), end))
                .filter(left -> left.compareTo(NO_END) < 0)
                .orElse(NO_END);
        Windows windows = Windows.of(settings, 0.9 + 0.2 * random.getAsDouble(), expiresIn);
        Entry<V> entry = new Entry<>(fetched.answer(), users.of(identity), windows, ticker.read(), flight.order());
        refusals.invalidate(key);
        entries.asMap().compute(key, (k, other) -> {
            Entry<V> newest = other == null || other.isOlderThan(entry) ? entry : other;
            return newest.windows().end() == 0 ? null : newest;
        });
        return entry;
    }

    void forget(CacheKey key, Flight<V> flight) {
        entries.asMap().computeIfPresent(key, (k, entry) -> entry.isNewerThan(flight) ? entry : null);
    }

    void refuse(CacheKey key, Throwable refusal) {
        // Caffeine leaves an entry that is rewritten within a second as old as it was
        refusals.invalidate(key);
        refusals.put(key, refusal);
    }

    /** Evicts all entries of a subject, or of a key whose load told none. */
    void evict(Object identity, long order) {
        users.evict(users.of(identity), order);
    }

    /** Evicts all entries of whoever the key's entry is, if there is one. */
    void evictUserOf(CacheKey key, long order) {
        Entry<V> entry = entries.getIfPresent(key);
        if (entry != null) {
            users.evict(entry.user(), order);
        }
    }

    void distrust(String subject, long order) {
        users.distrust(users.of(subject), order);
    }

    long size() {
        return entries.estimatedSize();
    }
}
