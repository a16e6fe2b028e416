package io.github.mfagateway.config;

import java.time.Duration;

import org.eclipse.microprofile.config.spi.Converter;

import io.quarkus.runtime.configuration.DurationConverter;

/**
 * Reads a duration ({@code 500ms}, {@code 30s}, {@code 10m}); what cannot be read becomes {@link #UNREADABLE}, because a
 * converter that throws, or makes null of an empty text, ends the start before the other bad settings are seen.
 */
public final class DurationSetting implements Converter<Duration> {

    static final Duration UNREADABLE = Duration.ofSeconds(Long.MIN_VALUE);

    private static final long serialVersionUID = 1L;

    @Override
    public Duration convert(String text) {
        try {
            return text.isBlank() ? UNREADABLE : DurationConverter.parseDuration(text);
        } catch (RuntimeException notADuration) {
            return UNREADABLE;
        }
    }
}
