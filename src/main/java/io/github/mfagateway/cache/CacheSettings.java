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

    /** For this long after GenAuth gave it, ±10 %, an answer is given from memory. */
    @WithConverter(DurationSetting.class)
    Duration fresh();

    /** For this long after that it is still given from memory, and refreshed behind the caller's back (RFC 5861, section 3). */
    @WithConverter(DurationSetting.class)
    Duration revalidate();

    /** For this long after it was fresh it is given when GenAuth cannot be had (RFC 5861, section 4). */
    @WithConverter(DurationSetting.class)
    Duration staleOnError();

    /** For this long a refused token is refused without asking GenAuth again. */
    @WithConverter(DurationSetting.class)
    Duration refused();

    /** Bound on remembered answers; the least used go first. */
    @WithConverter(CountSetting.class)
    int maxEntries();

    static void check(CacheSettings settings, Findings findings) {
        Duration longest = Duration.ofHours(24);
        findings.within("mfa.cache.fresh", settings.fresh(), Duration.ZERO, longest);
        findings.within("mfa.cache.revalidate", settings.revalidate(), Duration.ZERO, longest);
        findings.within("mfa.cache.stale-on-error", settings.staleOnError(), Duration.ZERO, longest);
        findings.within("mfa.cache.refused", settings.refused(), Duration.ZERO, Duration.ofMinutes(5));
        findings.within("mfa.cache.max-entries", settings.maxEntries(), 1, 10_000_000);
        if (settings.fresh().isZero() && settings.revalidate().compareTo(Duration.ZERO) > 0) {
            findings.add(
                    "mfa.cache.revalidate", "must be 0s when mfa.cache.fresh is: every answer would be an old one");
        }
    }
}
