package io.github.mfagateway.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Invalid settings. Every finding names the property and its environment variable. */
public final class ConfigErrors {

    private final List<String> lines = new ArrayList<>();

    public void add(String setting, String what) {
        String variable = setting.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
        lines.add("%s (%s) %s".formatted(variable, setting, what));
    }

    public void within(String setting, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            add(
                    setting,
                    "must be a duration such as 500ms, 30s or 10m, from %s to %s".formatted(text(least), text(most)));
        }
    }

    public void within(String setting, int value, int least, int most) {
        if (value < least || value > most) {
            add(setting, "must be a whole number from %d to %d".formatted(least, most));
        }
    }

    public void withinBytes(String setting, long value, long least, long most) {
        if (value < least || value > most) {
            add(setting, "must be a size such as 16M, from %dK to %dK".formatted(least >> 10, most >> 10));
        }
    }

    /** Above 0 and at most 1. */
    public void ratio(String setting, double value) {
        // NaN compares false with both bounds
        if (!(value > 0 && value <= 1)) {
            add(setting, "must be a ratio such as 0.5, above 0 and at most 1");
        }
    }

    public boolean isEmpty() {
        return lines.isEmpty();
    }

    @Override
    public String toString() {
        return String.join("\n  ", lines);
    }

    /** {@code 2.5s}, {@code 10m}: the format of settings. */
    public static String text(Duration duration) {
        return duration.toString().substring(2).toLowerCase(Locale.ROOT);
    }
}
