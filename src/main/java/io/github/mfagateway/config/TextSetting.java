package io.github.mfagateway.config;

import org.eclipse.microprofile.config.spi.Converter;

/** Reads a text as it is, an empty one too, for the reason {@link DurationSetting} gives. */
public final class TextSetting implements Converter<String> {

    private static final long serialVersionUID = 1L;

    @Override
    public String convert(String text) {
        return text;
    }
}
