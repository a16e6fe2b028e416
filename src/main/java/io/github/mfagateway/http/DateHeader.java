package io.github.mfagateway.http;

import java.util.Date;

import io.netty.handler.codec.DateFormatter;

/** The {@code Date} of responses (RFC 9110, section 6.6.1), formatted once a second. */
final class DateHeader {

    static final String NAME = "Date";

    private record Formatted(long second, String value) {}

    private static volatile Formatted current = new Formatted(0, "");

    private DateHeader() {}

    static String value() {
        long now = System.currentTimeMillis();
        Formatted formatted = current;
        if (formatted.second != now / 1000) {
            formatted = new Formatted(now / 1000, DateFormatter.format(new Date(now)));
            current = formatted;
        }
        return formatted.value;
    }
}
