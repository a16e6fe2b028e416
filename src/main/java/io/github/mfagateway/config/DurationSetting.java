package io.github.mfagateway.config;

import java.time.Duration;

import org.eclipse.microprofile.config.spi.Converter;

import io.quarkus.runtime.configuration.DurationConverter;

/**
 * Reads a duration ({@code 500ms}, {@code 30s}, {@code 10m}). An invalid text becomes {@link #UNREADABLE}, because a converter
 * that throws or returns null stops the start before the other settings are checked.
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
