package io.github.mfagateway.factors;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

import io.github.mfagateway.cache.CacheResult;
import io.github.mfagateway.cache.LoadOutcome;
import io.github.mfagateway.cache.ResponseCache;
import io.github.mfagateway.config.CacheSettings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Metrics of the cache. All series exist from startup. */
final class CacheMetrics {

    private final Map<CacheResult.Source, Counter> responses = new EnumMap<>(CacheResult.Source.class);
    private final Map<LoadOutcome, Counter> revalidations = new EnumMap<>(LoadOutcome.class);
    private final Counter rejected;
    private final Counter failures;
    private final Counter notCached;
    private final Counter invalidations;
    private final MeterRegistry registry;

    CacheMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (CacheResult.Source source : CacheResult.Source.values()) {
            responses.put(source, responses(outcome(source)));
        }
        rejected = responses("rejected");
        failures = responses("failed");
        notCached = responses("not_cached");
        for (LoadOutcome outcome : LoadOutcome.values()) {
            revalidations.put(
                    outcome, counter("mfa.revalidations", "Loads in the background", "outcome", outcome.name()));
        }
        invalidations = Counter.builder("mfa.invalidations")
                .description("Invalidations because a user's factors changed, or may have")
                .register(registry);
    }

    void watch(ResponseCache<?> cache, CacheSettings settings) {
        Gauge.builder("mfa.cache.entries", cache, ResponseCache::size)
                .description("Cached responses, estimated")
                .strongReference(true)
                .register(registry);
        Gauge.builder("mfa.cache.bytes", cache, ResponseCache::bytes)
                .description("Heap that cached responses take, estimated")
                .strongReference(true)
                .register(registry);
        Gauge.builder("mfa.cache.max.bytes", settings, CacheSettings::boundInBytes)
                .description("Most heap that cached responses may take")
                .strongReference(true)
                .register(registry);
        FunctionCounter.builder("mfa.cache.evictions", cache, ResponseCache::evictions)
                .description("Cached responses that were evicted because the cache was full")
                .register(registry);
    }

    void served(CacheResult<?> found) {
        responses.get(found.source()).increment();
    }

    void failed(LoadOutcome outcome) {
        (outcome == LoadOutcome.REJECTED || outcome == LoadOutcome.FORBIDDEN ? rejected : failures).increment();
    }

    /** {@code only-if-cached}, and nothing usable was cached. */
    void notCached() {
        notCached.increment();
    }

    void revalidated(LoadOutcome outcome) {
        revalidations.get(outcome).increment();
    }

    void invalidated() {
        invalidations.increment();
    }

    /** Sources that differ only in their reason count as one outcome. */
    private static String outcome(CacheResult.Source source) {
        return switch (source) {
            case UNREFRESHED -> CacheResult.Source.REVALIDATING.name();
            case OVERLOADED -> CacheResult.Source.STALE.name();
            case COLLAPSED_EXPIRED -> CacheResult.Source.COLLAPSED.name();
            default -> source.name();
        };
    }

    private Counter responses(String outcome) {
        return counter("mfa.responses", "Responses to requests for enrollable factors", "outcome", outcome);
    }

    private Counter counter(String name, String description, String tag, String value) {
        return Counter.builder(name)
                .description(description)
                .tag(tag, value.toLowerCase(Locale.ROOT))
                .register(registry);
    }
}
