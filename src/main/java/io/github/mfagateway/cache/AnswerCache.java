package io.github.mfagateway.cache;

import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

import com.github.benmanes.caffeine.cache.Ticker;

import io.github.mfagateway.cache.Found.Source;
import io.smallrye.mutiny.Uni;

/**
 * Answers from memory as {@link Policy} says, and else asks. Concurrent questions for one key make one load; a caller who
 * hangs up cancels nothing, and a failed load is told to everybody who waited for it and forgotten.
 */
public final class AnswerCache<V> implements Evictions {

    private final Memory<V> memory;
    private final Ticker ticker;
    private final Function<Throwable, Outcome> outcomes;
    private final Flights<V> flights = new Flights<>();
    private final Loading<V> loading;

    /**
     * @param outcomes what a load's failure means
     * @param refreshes is told how each refresh behind a caller's back ended
     * @param random from 0 (inclusive) to 1 (exclusive), for the jitter
     */
    public AnswerCache(
            CacheSettings settings,
            Function<Throwable, Outcome> outcomes,
            Consumer<Outcome> refreshes,
            Ticker ticker,
            InstantSource clock,
            DoubleSupplier random) {
        this.memory = new Memory<>(settings, ticker, clock, random);
        this.ticker = ticker;
        this.outcomes = outcomes;
        this.loading = new Loading<>(memory, flights, ticker, outcomes, refreshes);
    }

    /**
     * The answer for a key.
     *
     * @param load asks for it; used at most once, and not by everybody
     * @return fails with what {@code load} failed with, or with {@link NotRememberedException}
     */
    public Uni<Found<V>> get(CacheKey key, Directive directive, Load<V> load) {
        long now = ticker.read();
        Entry<V> entry = memory.entry(key, now);
        Policy.Step step = entry == null
                ? Policy.step(directive)
                : Policy.step(entry.ageForAsking(now), entry.windows(), directive);
        return switch (step) {
            case ANSWER -> found(entry, entry.isNoLongerFresh(now) ? Source.UNREFRESHED : Source.FRESH, now);
            case ANSWER_AND_REFRESH -> {
                loading.refresh(key, entry, load);
                yield found(entry, Source.REVALIDATING, now);
            }
            case ASK -> directive == Directive.NO_CACHE ? askAnew(key, load) : ask(key, entry, directive, load);
            case GIVE_UP -> Uni.createFrom().failure(new NotRememberedException());
        };
    }

    /** What {@link #get} would give at once from memory, and with no question behind the caller's back: only a fresh answer. */
    public Optional<Found<V>> fresh(CacheKey key) {
        long now = ticker.read();
        Entry<V> entry = memory.entry(key, now);
        return entry != null
                        && Policy.step(entry.ageForAsking(now), entry.windows(), Directive.NONE) == Policy.Step.ANSWER
                ? Optional.of(Found.in(entry, Source.FRESH, now, true))
                : Optional.empty();
    }

    /**
     * The answers of a user have changed: none from before is given again, to whichever of their keys.
     *
     * @param key one of theirs
     * @param subject theirs, if known, and known for certain
     */
    public void evict(CacheKey key, Optional<String> subject) {
        long now = flights.evict();
        memory.evictUserOf(key, now);
        memory.evict(key, now);
        subject.ifPresent(proven -> memory.evict(proven, now));
    }

    /**
     * The answers of a user may have changed, and that it is them is not proven: theirs are asked for again before they are
     * given, but still stand in for those that cannot be had. So a lie costs its victim a question and no answer.
     */
    @Override
    public void distrust(String subject) {
        memory.distrust(subject, flights.evict());
    }

    @Override
    public void distrustAll() {
        memory.distrustAll(flights.evict());
    }

    @Override
    public void evict(String user) {
        memory.evict(user, flights.evict());
    }

    /** The key was refused elsewhere: what is remembered for it is not given again. */
    public void drop(CacheKey key) {
        memory.forget(key, flights.begin());
    }

    /** Answers in memory, more or less. */
    public long size() {
        return memory.size();
    }

    private Uni<Found<V>> found(Entry<V> entry, Source source, long now) {
        return Uni.createFrom().item(Found.in(entry, source, now, true));
    }

    /** A flight begun earlier may bring what was true before the caller asked, so nobody else's will do. */
    private Uni<Found<V>> askAnew(CacheKey key, Load<V> load) {
        Flight<V> flight = flights.begin();
        flights.offer(key, flight);
        loading.start(key, flight, load, Loading.Wanted.NONE);
        return landed(key, flight, Directive.NO_CACHE, Source.BYPASS);
    }

    private Uni<Found<V>> ask(CacheKey key, Entry<V> tooOld, Directive directive, Load<V> load) {
        Throwable refusal = memory.refusal(key);
        if (refusal != null) {
            return Uni.createFrom().failure(refusal);
        }
        Source collapsed = tooOld == null ? Source.COLLAPSED : Source.COLLAPSED_EXPIRED;
        Flight<V> mine = flights.begin();
        Flight<V> flight = flights.join(key, mine);
        if (flight != mine) {
            return landed(key, flight, directive, collapsed);
        }
        // the flight all others waited for may have landed between the look into memory and this one's start
        Flight.Landing<V> justLanded = justLanded(key, tooOld);
        if (justLanded != null) {
            flights.land(key, mine, justLanded);
            return landed(key, mine, directive, collapsed);
        }
        loading.start(key, mine, load, Loading.Wanted.USABLE);
        return landed(key, mine, directive, tooOld == null ? Source.MISS : Source.EXPIRED);
    }

    private Flight.Landing<V> justLanded(CacheKey key, Entry<V> tooOld) {
        Entry<V> entry = memory.entry(key, ticker.read());
        if (entry != null && entry != tooOld && !entry.isDistrusted()) {
            return Flight.Landing.with(entry);
        }
        Throwable refusal = memory.refusal(key);
        return refusal == null ? null : Flight.Landing.without(refusal);
    }

    private Uni<Found<V>> landed(CacheKey key, Flight<V> flight, Directive directive, Source source) {
        return flight.landing().chain(landing -> {
            long now = ticker.read();
            Entry<V> there = memory.entry(key, now);
            if (landing.failure() == null) {
                Source from = landing.shared() ? Source.SHARED : source;
                return Uni.createFrom().item(Found.in(landing.entry(), from, now, landing.entry() == there));
            }
            Outcome outcome = outcomes.apply(landing.failure());
            return there != null && Policy.answersInstead(there.age(now), there.windows(), directive, outcome)
                    ? Uni.createFrom().item(Found.in(there, Source.STALE, now, true))
                    : Uni.createFrom().failure(landing.failure());
        });
    }
}
