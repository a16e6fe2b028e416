package io.github.mfagateway.cache;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.DoubleSupplier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;

/**
 * What is remembered: answers, and for a moment refusals. Loads and evictions are numbered in the order they begin; an
 * answer of a load that began before its user was evicted is never given again, however late it arrives.
 */
final class Memory<V> {

    // an opaque token tells no end; ten years are none
    private static final Duration NO_END = Duration.ofDays(3650);

    // replicas' clocks are at most so far apart
    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(2);

    // Caffeine leaves an entry that is rewritten within a second as old as it was
    private static final Duration REWRITTEN = Duration.ofSeconds(1);

    private static final double LEAST_JITTER = 0.9;
    private static final double MOST_JITTER = 1.1;

    private final CacheSettings settings;
    private final Ticker ticker;
    private final InstantSource clock;
    private final DoubleSupplier random;
    private final Cache<CacheKey, Entry<V>> entries;
    private final Refusals refusals;
    private final Users users;

    private volatile long allDistrustedAt;

    Memory(CacheSettings settings, Ticker ticker, InstantSource clock, DoubleSupplier random) {
        this.settings = settings;
        this.ticker = ticker;
        this.clock = clock;
        this.random = random;
        this.users = new Users(settings.maxEntries());
        this.entries = Caffeine.newBuilder()
                .maximumSize(settings.maxEntries())
                // not each at its own end, which would take Caffeine's books at every read
                .expireAfterWrite(longest(settings).plus(REWRITTEN))
                .ticker(ticker)
                // without listeners its upkeep is short, and a hit must not change threads
                .executor(Runnable::run)
                .build();
        this.refusals = new Refusals(settings.refused(), ticker);
    }

    /** What is remembered for the key and is of any use now, or null. */
    Entry<V> entry(CacheKey key, long now) {
        Entry<V> entry = entries.getIfPresent(key);
        if (entry == null) {
            return null;
        }
        if (entry.isEvicted() || entry.left(now) == 0) {
            entries.asMap().remove(key, entry);
            return null;
        }
        return known(entry);
    }

    /** Nothing is of any use for longer. */
    private static Duration longest(CacheSettings settings) {
        return Duration.ofNanos(Windows.of(settings, MOST_JITTER, NO_END).end());
    }

    /** Why the key was refused a moment ago, or null. */
    Throwable refusal(CacheKey key) {
        return refusals.reason(key);
    }

    /** From 0.9 to 1.1. */
    double jitter() {
        return LEAST_JITTER + (MOST_JITTER - LEAST_JITTER) * random.getAsDouble();
    }

    Entry<V> keep(CacheKey key, Flight<V> flight, Fetched<V> fetched, double jitter) {
        Windows windows = Windows.of(settings, jitter, expiresIn(fetched));
        Entry<V> entry = entry(key, flight.order(), fetched, windows, ticker.read());
        entries.asMap().compute(key, (k, other) -> {
            if (refusals.isSince(key, flight.order())) {
                return other;
            }
            refusals.lift(key);
            Entry<V> newest = other == null || other.isOlderThan(entry) ? entry : other;
            return newest.windows().end() == 0 ? null : newest;
        });
        return known(entry);
    }

    /**
     * Keeps what another replica fetched, as old as it is.
     *
     * @return null if what is here is as new and as good, or if there is no use left for it
     */
    Entry<V> adopt(CacheKey key, Flight<V> flight, SharedAnswer.Copy<V> copy) {
        long now = ticker.read();
        // every window counts from the age it has; its token's end is told by another replica's clock
        Duration end = expiresIn(copy.fetched()).minus(CLOCKS_DIFFER).plus(copy.age());
        Windows windows = Windows.of(settings, copy.jitter(), end);
        // a distrusted one is from before its flight, which may go on and fetch another
        long order = copy.distrusted() ? flight.order() - 1 : flight.order();
        Entry<V> entry =
                entry(key, order, copy.fetched(), windows, now - copy.age().toNanos());
        if (entry.left(now) == 0) {
            return null;
        }
        Entry<V> kept = entries.asMap()
                .compute(
                        key,
                        (k, other) -> refusals.isSince(key, flight.order())
                                ? other
                                : other == null
                                                || other.isEvicted()
                                                || other.left(now) == 0
                                                || other.isOlderThan(entry)
                                                        && (known(other).isDistrusted()
                                                                || other.wasFetchedWellBefore(entry))
                                        ? entry
                                        : other);
        return kept == entry ? known(entry) : null;
    }

    private Entry<V> entry(CacheKey key, long order, Fetched<V> fetched, Windows windows, long fetchedAt) {
        Object identity = fetched.subject().isPresent() ? fetched.subject().get() : key;
        return new Entry<>(fetched.answer(), users.of(identity), windows, fetchedAt, order);
    }

    private Duration expiresIn(Fetched<V> fetched) {
        return fetched.expires()
                .map(end -> Duration.between(clock.instant(), end))
                .map(left -> left.isNegative() ? Duration.ZERO : left)
                .filter(left -> left.compareTo(NO_END) < 0)
                .orElse(NO_END);
    }

    /** What is from before everybody was distrusted is distrusted too. */
    private Entry<V> known(Entry<V> entry) {
        if (entry.isFrom(allDistrustedAt) && !entry.isDistrusted()) {
            users.distrust(entry.user(), allDistrustedAt);
        }
        return entry;
    }

    /** The flight was refused: what came before it, or is on its way since, is not given again. */
    void forget(CacheKey key, Flight<V> flight) {
        refusals.since(key, flight.order());
        entries.asMap().computeIfPresent(key, (k, entry) -> entry.isNewerThan(flight) ? entry : null);
    }

    void refuse(CacheKey key, Throwable refusal) {
        refusals.remember(key, refusal);
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

    void distrustAll(long order) {
        // each is, when it is looked at: to walk them all would keep a thread for long
        allDistrustedAt = Math.max(allDistrustedAt, order);
    }

    long size() {
        return entries.estimatedSize();
    }
}
