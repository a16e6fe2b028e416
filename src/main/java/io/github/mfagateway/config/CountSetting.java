package io.github.mfagateway.config;

import org.eclipse.microprofile.config.spi.Converter;

/** Reads a whole number; what cannot be read becomes {@link #UNREADABLE}, for the reason {@link DurationSetting} gives. */
public final class CountSetting implements Converter<Integer> {

    static final int UNREADABLE = Integer.MIN_VALUE;

    private static final long serialVersionUID = 1L;

    @Override
    public Integer convert(String text) {
        try {
            return Integer.valueOf(text.trim());
        } catch (NumberFormatException notANumber) {
            return UNREADABLE;
        }
    }
}
