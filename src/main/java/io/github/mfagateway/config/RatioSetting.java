package io.github.mfagateway.config;

import org.eclipse.microprofile.config.spi.Converter;

/** Reads a ratio; what cannot be read becomes {@link #UNREADABLE}, for the reason {@link DurationSetting} gives. */
public final class RatioSetting implements Converter<Double> {

    static final double UNREADABLE = Double.NaN;

    private static final long serialVersionUID = 1L;

    @Override
    public Double convert(String text) {
        try {
            return Double.valueOf(text.trim());
        } catch (NumberFormatException notANumber) {
            return UNREADABLE;
        }
    }
}
