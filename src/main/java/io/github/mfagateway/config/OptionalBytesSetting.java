package io.github.mfagateway.config;

import java.math.BigInteger;

import org.eclipse.microprofile.config.spi.Converter;

import io.quarkus.runtime.configuration.MemorySizeConverter;

/** Reads {@code 65536}, {@code 16M} as Quarkus does; null for an empty text, as SmallRye Config requires for an Optional. */
public final class OptionalBytesSetting implements Converter<Long> {

    static final long UNREADABLE = Long.MIN_VALUE;

    private static final long serialVersionUID = 1L;

    @Override
    public Long convert(String text) {
        if (text.isEmpty()) {
            return null;
        }
        try {
            BigInteger bytes = new MemorySizeConverter().convert(text.trim()).asBigInteger();
            return bytes.bitLength() < Long.SIZE ? bytes.longValue() : UNREADABLE;
        } catch (RuntimeException notASize) {
            return UNREADABLE;
        }
    }
}
