package io.github.mfagateway.factors;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

import io.github.mfagateway.cache.AnswerCache;
import io.github.mfagateway.cache.CacheSettings;
import io.github.mfagateway.cache.Found;
import io.github.mfagateway.cache.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What is counted of memory. Every series is there from the start. */
final class AnswerMeters {

    private final Map<Found.Source, Counter> answers = new EnumMap<>(Found.Source.class);
    private final Map<Outcome, Counter> refreshes = new EnumMap<>(Outcome.class);
    private final Counter refused;
    private final Counter failed;
    private final Counter notCached;
    private final Counter evicted;
    private final Counter distrusted;
    private final MeterRegistry registry;

    AnswerMeters(MeterRegistry registry) {
        this.registry = registry;
        for (Found.Source source : Found.Source.values()) {
            answers.put(source, answers(outcome(source)));
        }
        refused = answers("refused");
        failed = answers("failed");
        notCached = answers("not_cached");
        for (Outcome outcome : Outcome.values()) {
            refreshes.put(
                    outcome, counter("mfa.refreshes", "Refreshes behind a caller's back", "outcome", outcome.name()));
        }
        evicted = counter(
                "mfa.evictions", "Users whose answers ended with a change of their factors", "subject", "proven");
        distrusted = counter(
                "mfa.evictions", "Users whose answers ended with a change of their factors", "subject", "claimed");
    }

    void watch(AnswerCache<?> cache, CacheSettings settings) {
        Gauge.builder("mfa.cache.entries", cache, AnswerCache::size)
                .description("Answers in memory, more or less")
                .register(registry);
        Gauge.builder("mfa.cache.max.entries", settings, CacheSettings::maxEntries)
                .description("Most answers that are kept in memory")
                .register(registry);
    }

    void answered(Found<?> found) {
        answers.get(found.source()).increment();
    }

    void notAnswered(Outcome outcome) {
        (outcome == Outcome.REFUSED || outcome == Outcome.BARRED ? refused : failed).increment();
    }

    /** The caller wanted no question to be asked, and there was nothing in memory. */
    void notCached() {
        notCached.increment();
    }

    void refreshed(Outcome outcome) {
        refreshes.get(outcome).increment();
    }

    void evicted() {
        evicted.increment();
    }

    void distrusted() {
        distrusted.increment();
    }

    /** By the window that gave it; who was asked, and by whom, is not counted. */
    private static String outcome(Found.Source source) {
        return switch (source) {
            case UNREFRESHED -> Found.Source.REVALIDATING.name();
            case COLLAPSED_EXPIRED -> Found.Source.COLLAPSED.name();
            default -> source.name();
        };
    }

    private Counter answers(String outcome) {
        return counter("mfa.answers", "Answers to the question for enrollable factors", "outcome", outcome);
    }

    private Counter counter(String name, String description, String tag, String value) {
        return Counter.builder(name)
                .description(description)
                .tag(tag, value.toLowerCase(Locale.ROOT))
                .register(registry);
    }
}
