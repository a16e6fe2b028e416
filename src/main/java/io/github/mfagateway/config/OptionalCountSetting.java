package io.github.mfagateway.config;

import org.eclipse.microprofile.config.spi.Converter;

/** Reads a whole number as {@link CountSetting} does; null for an empty text, as SmallRye Config requires for an Optional. */
public final class OptionalCountSetting implements Converter<Integer> {

    private static final long serialVersionUID = 1L;

    private static final CountSetting COUNT = new CountSetting();

    @Override
    public Integer convert(String text) {
        return text.isEmpty() ? null : COUNT.convert(text);
    }
}
