package io.github.mfagateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;

/** What is found in settings, over the defaults of {@code application.properties}. */
class SettingsTest {

    private static final Map<String, String> ENOUGH =
            Map.of("genauth.url", "https://genauth.example", "genauth.app-id", "app");

    @Test
    void twoSettingsAreEnough() throws IOException {
        assertEquals("", findings(ENOUGH));
    }

    @Test
    void whatIsRequiredAndEmptyIsFoundAllAtOnce() throws IOException {
        List<String> required = List.of(
                "genauth.url",
                "genauth.allow-http",
                "genauth.app-id",
                "genauth.app-id-header",
                "genauth.connect-timeout",
                "genauth.connection-max-age",
                "genauth.deadline",
                "genauth.max-concurrent",
                "genauth.max-waiting",
                "genauth.breaker.request-volume-threshold",
                "genauth.breaker.failure-ratio",
                "genauth.breaker.delay",
                "genauth.breaker.success-threshold",
                "mfa.cache.fresh",
                "mfa.cache.revalidate",
                "mfa.cache.stale-on-error",
                "mfa.cache.refused",
                "mfa.cache.soft-timeout",
                "mfa.cache.retry-after-failure",
                "mfa.cache.shared-deadline",
                "mfa.cache.shared",
                "mfa.http.request-timeout",
                "mfa.http.max-buffered-bytes");
        for (String empty : List.of("", " ")) {
            Map<String, String> settings = new HashMap<>();
            required.forEach(setting -> settings.put(setting, empty));

            assertEquals(required, named(findings(settings)), "of '" + empty + "'");
        }
    }

    @Test
    void whatIsOptionalMayBeEmpty() throws IOException {
        Map<String, String> settings = new HashMap<>(ENOUGH);
        for (String optional : List.of(
                "genauth.language",
                "genauth.ca-file",
                "genauth.rate-limit",
                "mfa.cache.max-bytes",
                "mfa.cache.shared-secret",
                "mfa.cache.shared-secret-previous")) {
            settings.put(optional, "");
        }

        assertEquals("", findings(settings));
    }

    @ParameterizedTest
    @CsvSource({
        "mfa.cache.fresh,         0s,      mfa.cache.revalidate",
        "mfa.cache.fresh,         25h,     mfa.cache.fresh",
        "mfa.cache.refused,       10m,     mfa.cache.refused",
        "mfa.cache.max-bytes,     0,       mfa.cache.max-bytes",
        "mfa.cache.max-bytes,     1000G,   mfa.cache.max-bytes",
        "mfa.cache.max-bytes,     many,    mfa.cache.max-bytes",
        "mfa.cache.soft-timeout,  0s,      mfa.cache.soft-timeout",
        "mfa.cache.retry-after-failure, 1h, mfa.cache.retry-after-failure",
        "genauth.rate-limit,      0,       genauth.rate-limit",
        "genauth.rate-limit,      many,    genauth.rate-limit",
        "genauth.deadline,        61s,     genauth.deadline",
        "genauth.deadline,        300ms,   mfa.cache.soft-timeout",
        "genauth.max-waiting,     -1,      genauth.max-waiting",
        "genauth.connection-max-age, 500ms, genauth.connection-max-age",
        "genauth.connection-max-age, 2h,   genauth.connection-max-age",
        "genauth.url,             http://genauth.example, genauth.url",
        "genauth.breaker.request-volume-threshold, 1, genauth.breaker.request-volume-threshold",
        "genauth.breaker.failure-ratio, 0, genauth.breaker.failure-ratio",
        "genauth.breaker.failure-ratio, 1.1, genauth.breaker.failure-ratio",
        "genauth.breaker.delay, 1ms, genauth.breaker.delay",
        "mfa.http.request-timeout, 0s, mfa.http.request-timeout",
        "mfa.http.request-timeout, soon, mfa.http.request-timeout",
        "mfa.http.client-auth, always, mfa.http.client-auth",
        "mfa.http.max-buffered-bytes, 1K, mfa.http.max-buffered-bytes",
        "mfa.http.max-buffered-bytes, much, mfa.http.max-buffered-bytes",
        "genauth.breaker.success-threshold, 0, genauth.breaker.success-threshold",
    })
    void aBadSettingIsFound(String setting, String value, String found) throws IOException {
        Map<String, String> settings = new HashMap<>(ENOUGH);
        settings.put(setting, value);

        assertEquals(List.of(found), named(findings(settings)));
    }

    @Test
    void nothingIsKeptFreshAndNothingIsRevalidatedEither() throws IOException {
        Map<String, String> settings = new HashMap<>(ENOUGH);
        settings.put("mfa.cache.fresh", "0s");
        settings.put("mfa.cache.revalidate", "0s");

        assertEquals("", findings(settings));
    }

    private static String findings(Map<String, String> settings) throws IOException {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(
                        new PropertiesConfigSource(Path.of("src/main/resources/application.properties")
                                .toUri()
                                .toURL()),
                        new PropertiesConfigSource(settings, "a test's", 500))
                .withMapping(GenAuthSettings.class)
                .withMapping(CacheSettings.class)
                .withMapping(RedisSettings.class)
                .withMapping(HttpSettings.class)
                .withValidateUnknown(false)
                .build();
        ConfigErrors findings = new ConfigErrors();
        GenAuthSettings.check(config.getConfigMapping(GenAuthSettings.class), findings);
        CacheSettings.check(
                config.getConfigMapping(CacheSettings.class),
                config.getConfigMapping(GenAuthSettings.class).deadline(),
                findings);
        RedisSettings.check(config.getConfigMapping(RedisSettings.class), Optional.empty(), Optional.empty(), findings);
        HttpSettings.check(config.getConfigMapping(HttpSettings.class), findings);
        return findings.toString();
    }

    /** The settings in the order of the message. */
    private static List<String> named(String findings) {
        List<String> settings = new ArrayList<>();
        for (String line : findings.split("\n")) {
            settings.add(line.substring(line.indexOf('(') + 1, line.indexOf(')')));
        }
        return settings;
    }
}
