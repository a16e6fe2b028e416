package io.github.mfagateway.config;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;

/** Bounds of requests. Defaults and their reasons stand in {@code application.properties}. */
@ConfigMapping(prefix = "mfa.http")
public interface HttpSettings {

    Set<String> CLIENT_AUTH = Set.of("none", "request", "required");

    /** From the first bytes of a request until it is complete, and from an unread response until the connection is closed. */
    @WithConverter(DurationSetting.class)
    Duration requestTimeout();

    /** Of all requests that are being received or served. Required; {@link #check} says so. */
    @WithConverter(OptionalBytesSetting.class)
    Optional<Long> maxBufferedBytes();

    /** {@code none}, {@code request} or {@code required}: whether callers show a certificate in the TLS handshake. */
    @WithConverter(TextSetting.class)
    String clientAuth();

    static void check(HttpSettings settings, ConfigErrors findings) {
        findings.within(
                "mfa.http.request-timeout", settings.requestTimeout(), Duration.ofMillis(100), Duration.ofMinutes(5));
        if (!CLIENT_AUTH.contains(settings.clientAuth())) {
            findings.add("mfa.http.client-auth", "must be none, request or required");
        }
        long bytes = settings.maxBufferedBytes().orElse(0L);
        if (bytes < 64 * 1024 || bytes > 1L << 30) {
            findings.add("mfa.http.max-buffered-bytes", "must be a size such as 8M, from 64K to 1G");
        }
    }
}
