package io.github.mfagateway.cache;

import java.time.Duration;

import io.github.mfagateway.settings.CountSetting;
import io.github.mfagateway.settings.DurationSetting;
import io.github.mfagateway.settings.Findings;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;

/** How long, and how many, answers are remembered. Defaults and their reasons stand in {@code application.properties}. */
@ConfigMapping(prefix = "mfa.cache")
public interface CacheSettings {

    /** For this long after GenAuth gave it, an answer is given from memory. */
    @WithConverter(DurationSetting.class)
    Duration fresh();

    /** Bound on remembered answers; the least used go first. */
    @WithConverter(CountSetting.class)
    int maxEntries();

    static void check(CacheSettings settings, Findings findings) {
        findings.within("mfa.cache.fresh", settings.fresh(), Duration.ZERO, Duration.ofHours(1));
        findings.within("mfa.cache.max-entries", settings.maxEntries(), 1, 10_000_000);
    }
}
