package io.github.mfagateway.cache;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

import com.github.benmanes.caffeine.cache.Ticker;

import io.smallrye.mutiny.Uni;

/** What a flight does from its beginning to its landing: it looks at what other replicas remember, asks, and remembers. */
final class Loading<V> {

    /** Which copies of other replicas a flight makes do with. */
    enum Wanted {
        /** The caller wants it from who knows. */
        NONE,
        /** What is here can be given already: only better will do. */
        FRESH,
        /** What memory would give. */
        USABLE;

        boolean isMetBy(Entry<?> copy, long now) {
            Policy.Step step = Policy.step(copy.ageForAsking(now), copy.windows(), Directive.NONE);
            return step == Policy.Step.ANSWER || this == USABLE && step == Policy.Step.ANSWER_AND_REFRESH;
        }
    }

    private final Memory<V> memory;
    private final Flights<V> flights;
    private final Ticker ticker;
    private final Function<Throwable, Outcome> outcomes;
    private final Consumer<Outcome> refreshes;

    Loading(
            Memory<V> memory,
            Flights<V> flights,
            Ticker ticker,
            Function<Throwable, Outcome> outcomes,
            Consumer<Outcome> refreshes) {
        this.memory = memory;
        this.flights = flights;
        this.ticker = ticker;
        this.outcomes = outcomes;
        this.refreshes = refreshes;
    }

    /** Asks behind a caller's back, with their question. */
    void refresh(CacheKey key, Entry<V> entry, Load<V> load) {
        if (entry.mayRefresh()) {
            Flight<V> flight = flights.begin();
            if (flights.offer(key, flight)) {
                flight.landing()
                        .subscribe()
                        .with(landing -> refreshes.accept(
                                landing.failure() == null ? Outcome.ANSWERED : outcomes.apply(landing.failure())));
                start(key, flight, load, Wanted.FRESH);
            } else {
                // another's question is under way, and may fail
                entry.keepRefresh();
            }
        }
    }

    /** Starts a flight, which lands in any case; what it brings is in memory before anybody is told. */
    void start(CacheKey key, Flight<V> flight, Load<V> load, Wanted wanted) {
        Uni.createFrom()
                .deferred(() -> wanted == Wanted.NONE
                        ? fetched(key, flight, load, load.shared().unseen())
                        : copiedOrFetched(key, flight, load, wanted))
                .onFailure()
                .recoverWithItem(failure -> lost(key, flight, load, failure))
                .subscribe()
                .with(landing -> {
                    boolean old = landing.shared() && landing.entry().isNoLongerFresh(ticker.read());
                    flights.land(key, flight, landing);
                    if (old) {
                        refresh(key, landing.entry(), load);
                    }
                });
    }

    /** One look at what other replicas remember belongs to the flight: nobody looks who does not ask. */
    private Uni<Flight.Landing<V>> copiedOrFetched(CacheKey key, Flight<V> flight, Load<V> load, Wanted wanted) {
        return load.shared().look().chain(seen -> {
            Entry<V> copy = seen.copy().map(other -> adopt(key, flight, other)).orElse(null);
            return copy != null && wanted.isMetBy(copy, ticker.read())
                    ? Uni.createFrom().item(Flight.Landing.shared(copy))
                    : fetched(key, flight, load, seen);
        });
    }

    private Entry<V> adopt(CacheKey key, Flight<V> flight, SharedAnswer.Copy<V> copy) {
        Entry<V> entry = memory.adopt(key, flight, copy);
        if (entry != null && copy.distrusted()) {
            copy.fetched().subject().ifPresent(subject -> memory.distrust(subject, flight.order()));
        }
        return entry;
    }

    private Uni<Flight.Landing<V>> fetched(CacheKey key, Flight<V> flight, Load<V> load, SharedAnswer.Seen<V> seen) {
        return load.ask().map(fetched -> {
            double jitter = memory.jitter();
            Entry<V> entry = memory.keep(key, flight, fetched, jitter);
            if (!entry.isEvicted()) {
                seen.store(fetched, jitter, Duration.ofNanos(entry.windows().end()));
            }
            return Flight.Landing.with(entry);
        });
    }

    private Flight.Landing<V> lost(CacheKey key, Flight<V> flight, Load<V> load, Throwable failure) {
        Outcome outcome = outcomes.apply(failure);
        if (outcome == Outcome.REFUSED || outcome == Outcome.BARRED) {
            memory.forget(key, flight);
            load.shared().remove();
        }
        if (outcome == Outcome.REFUSED) {
            memory.refuse(key, failure);
        }
        return Flight.Landing.without(failure);
    }
}
