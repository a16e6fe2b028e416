package io.github.mfagateway.factors;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

import io.github.mfagateway.cache.CacheSettings;
import io.github.mfagateway.cache.Found;
import io.github.mfagateway.cache.Outcome;
import io.github.mfagateway.cache.ResponseCache;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What is counted of the cache. Every series is there from the start. */
final class AnswerMeters {

    private final Map<Found.Source, Counter> answers = new EnumMap<>(Found.Source.class);
    private final Map<Outcome, Counter> refreshes = new EnumMap<>(Outcome.class);
    private final Counter refused;
    private final Counter failed;
    private final Counter notCached;
    private final Counter evicted;
    private final MeterRegistry registry;

    AnswerMeters(MeterRegistry registry) {
        this.registry = registry;
        for (Found.Source source : Found.Source.values()) {
            answers.put(source, answers(outcome(source)));
        }
        refused = answers("rejected");
        failed = answers("failed");
        notCached = answers("not_cached");
        for (Outcome outcome : Outcome.values()) {
            refreshes.put(outcome, counter("mfa.revalidations", "Loads in the background", "outcome", outcome.name()));
        }
        evicted = Counter.builder("mfa.invalidations")
                .description("Invalidations because a user's factors changed, or may have")
                .register(registry);
    }

    void watch(ResponseCache<?> cache, CacheSettings settings) {
        Gauge.builder("mfa.cache.entries", cache, ResponseCache::size)
                .description("Cached responses, estimated")
                .register(registry);
        Gauge.builder("mfa.cache.bytes", cache, ResponseCache::bytes)
                .description("Heap that cached responses take, estimated")
                .register(registry);
        Gauge.builder("mfa.cache.max.bytes", settings, CacheSettings::boundInBytes)
                .description("Most heap that cached responses may take")
                .register(registry);
    }

    void answered(Found<?> found) {
        answers.get(found.source()).increment();
    }

    void notAnswered(Outcome outcome) {
        (outcome == Outcome.REJECTED || outcome == Outcome.FORBIDDEN ? refused : failed).increment();
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

    /** By the window that gave it; who was asked, and by whom, is not counted. */
    private static String outcome(Found.Source source) {
        return switch (source) {
            case UNREFRESHED -> Found.Source.REVALIDATING.name();
            case OVERLOADED -> Found.Source.STALE.name();
            case COLLAPSED_EXPIRED -> Found.Source.COLLAPSED.name();
            default -> source.name();
        };
    }

    private Counter answers(String outcome) {
        return counter("mfa.responses", "Answers to the question for enrollable factors", "outcome", outcome);
    }

    private Counter counter(String name, String description, String tag, String value) {
        return Counter.builder(name)
                .description(description)
                .tag(tag, value.toLowerCase(Locale.ROOT))
                .register(registry);
    }
}
