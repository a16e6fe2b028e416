package io.github.mfagateway.config;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;

/** Address, timeouts and limits of calls to GenAuth. Defaults and their reasons are in {@code application.properties}. */
@ConfigMapping(prefix = "genauth")
public interface GenAuthSettings {

    /** The application's "Authentication address" from the GenAuth console. Required; enforced by {@link #check}. */
    Optional<String> url();

    /** The application's id from the GenAuth console. Required; enforced by {@link #check}. */
    Optional<String> appId();

    /** The header that carries the app id: {@code x-authing-app-id} or {@code x-genauth-app-id}. */
    @WithConverter(TextSetting.class)
    String appIdHeader();

    /** Sent as {@code x-authing-lang}: {@code zh-CN}, {@code en-US}, {@code ja-JP} or {@code zh-TW}. */
    Optional<String> language();

    /** Whether {@link #url} may be plain http. Required; enforced by {@link #check}. */
    Optional<Boolean> allowHttp();

    /** Whether {@code quarkus.tls.trust-all} is intended; without it that setting stops the start. */
    Optional<Boolean> allowTrustAll();

    /** PEM file of the certificate authorities trusted for {@link #url}; the runtime's own if empty. */
    Optional<Path> caFile();

    @WithConverter(DurationSetting.class)
    Duration connectTimeout();

    /** A connection to GenAuth is not used again after this time, so that a changed DNS address is followed. */
    @WithConverter(DurationSetting.class)
    Duration connectionMaxAge();

    /** For one call, including retries and waiting. */
    @WithConverter(DurationSetting.class)
    Duration deadline();

    /** Calls to GenAuth running at once. */
    @WithConverter(CountSetting.class)
    int maxConcurrent();

    /** Calls to GenAuth waiting for a running one to end. */
    @WithConverter(CountSetting.class)
    int maxWaiting();

    /** Calls to GenAuth a second, a retry not counted; no limit if empty. */
    @WithConverter(OptionalCountSetting.class)
    Optional<Integer> rateLimit();

    /** The circuit breaker. */
    Breaker breaker();

    /** One circuit breaker for all reads and one for all writes. Names are SmallRye Fault Tolerance's. */
    interface Breaker {

        /** The last calls that count; with fewer the breaker does not open. */
        @WithConverter(CountSetting.class)
        int requestVolumeThreshold();

        /** The share of failures among them at which it opens. */
        @WithConverter(RatioSetting.class)
        double failureRatio();

        /** How long it stays open. */
        @WithConverter(DurationSetting.class)
        Duration delay();

        /** Calls that probe GenAuth while it is half-open, and close it if all succeed. */
        @WithConverter(CountSetting.class)
        int successThreshold();
    }

    static void check(GenAuthSettings settings, ConfigErrors findings) {
        checkUrl(settings, findings);
        if (settings.allowHttp().isEmpty()) {
            findings.add("genauth.allow-http", "must be true or false");
        }
        if (settings.appId().isEmpty()) {
            findings.add("genauth.app-id", "is missing: the application's id from the GenAuth console");
        }
        settings.appId()
                .filter(id -> !isHeaderValue(id))
                .ifPresent(id -> findings.add("genauth.app-id", "must be printable ASCII, it is sent as a header"));
        settings.language()
                .filter(language -> !isHeaderValue(language))
                .ifPresent(
                        language -> findings.add("genauth.language", "must be a language tag such as zh-CN or en-US"));
        settings.caFile()
                .filter(file -> !holdsCertificates(file))
                .ifPresent(file -> findings.add("genauth.ca-file", "must be a readable file of PEM certificates"));
        if (!settings.appIdHeader().matches("[A-Za-z0-9-]{1,64}")) {
            findings.add("genauth.app-id-header", "must be a header's name such as x-authing-app-id");
        }
        findings.within(
                "genauth.connect-timeout", settings.connectTimeout(), Duration.ofMillis(1), Duration.ofSeconds(30));
        findings.within(
                "genauth.connection-max-age", settings.connectionMaxAge(), Duration.ofSeconds(1), Duration.ofHours(1));
        findings.within("genauth.deadline", settings.deadline(), Duration.ofMillis(10), Duration.ofSeconds(60));
        findings.within("genauth.max-concurrent", settings.maxConcurrent(), 1, 10_000);
        settings.rateLimit().ifPresent(limit -> findings.within("genauth.rate-limit", limit, 1, 100_000));
        // at the deadline, waiting calls complete recursively; a thousand overflow the stack
        findings.within("genauth.max-waiting", settings.maxWaiting(), 0, 256);
        Breaker breaker = settings.breaker();
        findings.within("genauth.breaker.request-volume-threshold", breaker.requestVolumeThreshold(), 2, 1000);
        findings.ratio("genauth.breaker.failure-ratio", breaker.failureRatio());
        findings.within("genauth.breaker.delay", breaker.delay(), Duration.ofMillis(100), Duration.ofMinutes(10));
        findings.within("genauth.breaker.success-threshold", breaker.successThreshold(), 1, 100);
    }

    private static void checkUrl(GenAuthSettings settings, ConfigErrors findings) {
        if (settings.url().isEmpty()) {
            findings.add(
                    "genauth.url",
                    "is missing: the application's \"Authentication address\" from the GenAuth console,"
                            + " such as https://example.genauth.ai");
            return;
        }
        try {
            URI url = new URI(settings.url().get());
            boolean bare = url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null;
            if (!bare || !("https".equals(url.getScheme()) || "http".equals(url.getScheme()))) {
                findings.add("genauth.url", "must be an address such as https://example.genauth.ai");
            } else if ("http".equals(url.getScheme()) && !settings.allowHttp().orElse(false)) {
                findings.add(
                        "genauth.url",
                        "is plain http, which would send users' tokens in the clear: use https, or set GENAUTH_ALLOW_HTTP=true");
            }
        } catch (URISyntaxException e) {
            findings.add("genauth.url", "must be an address such as https://example.genauth.ai");
        }
    }

    private static boolean holdsCertificates(Path file) {
        try (InputStream pem = Files.newInputStream(file)) {
            return !CertificateFactory.getInstance("X.509")
                    .generateCertificates(pem)
                    .isEmpty();
        } catch (IOException | CertificateException unreadable) {
            return false;
        }
    }

    private static boolean isHeaderValue(String text) {
        return text.matches("[\\x21-\\x7E]{1,256}");
    }
}
