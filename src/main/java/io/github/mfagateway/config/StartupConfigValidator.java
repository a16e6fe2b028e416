package io.github.mfagateway.config;

import static io.github.mfagateway.config.ConfigErrors.text;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;

import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;

/** Logs the effective settings without secrets, or stops the start with one message that names every invalid one. */
@Dependent
class StartupConfigValidator {

    private static final Logger LOG = Logger.getLogger("io.github.mfagateway");

    private static final Pattern TRUST_ALL = Pattern.compile("quarkus\\.(tls|rest-client)\\.(.+\\.)?trust-all");

    void check(
            @Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent start,
            GenAuthSettings genauth,
            CacheSettings cache,
            RedisSettings shared,
            HttpSettings http,
            Config config,
            @ConfigProperty(name = "quarkus.http.access-log.pattern") String accessLog) {
        ConfigErrors findings = new ConfigErrors();
        GenAuthSettings.check(genauth, findings);
        CacheSettings.check(cache, genauth.deadline(), findings);
        RedisSettings.check(
                shared,
                config.getOptionalValue("quarkus.redis.hosts", String.class),
                config.getOptionalValue("quarkus.redis.client-type", String.class),
                findings);
        HttpSettings.check(http, findings);
        if (accessLog.toLowerCase(Locale.ROOT).contains("{i,authorization}")) {
            findings.add("quarkus.http.access-log.pattern", "shows users' tokens: leave Authorization out");
        }
        checkTrust(genauth, config, findings);
        if (config.getOptionalValue("mfa.cache.max-entries", String.class).isPresent()) {
            findings.add("mfa.cache.max-entries", "is gone: mfa.cache.max-bytes bounds the cache");
        }
        if (!findings.isEmpty()) {
            throw new ConfigurationException(
                    "genauth-mfa-gateway cannot start, its settings are wrong:\n  " + findings);
        }
        LOG.infof(
                "GenAuth at %s: deadline %d ms, connect %d ms, %d calls at once and %d waiting, %s a second",
                genauth.url().orElseThrow(),
                genauth.deadline().toMillis(),
                genauth.connectTimeout().toMillis(),
                genauth.maxConcurrent(),
                genauth.maxWaiting(),
                genauth.rateLimit().map(Object::toString).orElse("any number"));
        LOG.infof(
                "Cache: fresh %s, revalidate %s, stale-on-error %s, soft-timeout %s, retry-after-failure %s, refused %s,"
                        + " at most %d KiB of %d KiB heap, shared: %s",
                text(cache.fresh()),
                text(cache.revalidate()),
                text(cache.staleOnError()),
                text(cache.softTimeout()),
                text(cache.retryAfterFailure()),
                text(cache.refused()),
                CacheSettings.boundInBytes(cache) >> 10,
                Runtime.getRuntime().maxMemory() >> 10,
                shared.shared());
    }

    /** Checks the default and all named TLS configurations, because each may trust any certificate. */
    private static void checkTrust(GenAuthSettings genauth, Config config, ConfigErrors findings) {
        if (genauth.allowTrustAll().orElse(false)) {
            return;
        }
        for (String name : names(config)) {
            if (TRUST_ALL.matcher(name).matches()
                    // not only "true": Quarkus reads 1, yes and on as well
                    && config.getOptionalValue(name, Boolean.class).orElse(false)) {
                findings.add(
                        name,
                        "trusts any certificate, so that anybody on the way to GenAuth may read users' tokens:"
                                + " name the authority in GENAUTH_CA_FILE, or set GENAUTH_ALLOW_TRUST_ALL=true");
            }
        }
    }

    private static Set<String> names(Config config) {
        // an environment variable that no configuration has read is not among the names
        Set<String> names = new TreeSet<>(Set.of("quarkus.tls.trust-all", "quarkus.rest-client.trust-all"));
        config.getPropertyNames().forEach(names::add);
        return names;
    }
}
