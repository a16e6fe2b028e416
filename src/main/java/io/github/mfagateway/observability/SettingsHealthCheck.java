package io.github.mfagateway.observability;

import static io.github.mfagateway.config.ConfigErrors.text;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

import io.github.mfagateway.config.CacheSettings;
import io.github.mfagateway.config.GenAuthSettings;
import io.github.mfagateway.config.HttpSettings;
import io.github.mfagateway.config.RedisSettings;
import io.smallrye.health.api.Wellness;

/** Shows the effective settings, none of which is a secret. Always up. */
@Wellness
class SettingsHealthCheck implements HealthCheck {

    private final GenAuthSettings genauth;
    private final CacheSettings cache;
    private final RedisSettings shared;
    private final HttpSettings http;

    SettingsHealthCheck(GenAuthSettings genauth, CacheSettings cache, RedisSettings shared, HttpSettings http) {
        this.genauth = genauth;
        this.cache = cache;
        this.shared = shared;
        this.http = http;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("settings")
                .up()
                .withData("genauth.url", genauth.url().orElseThrow())
                .withData("genauth.app-id-header", genauth.appIdHeader())
                .withData("genauth.language", genauth.language().orElse("none"))
                .withData("genauth.allow-http", genauth.allowHttp().orElse(false))
                .withData("genauth.allow-trust-all", genauth.allowTrustAll().orElse(false))
                .withData(
                        "genauth.ca-file",
                        genauth.caFile().map(Object::toString).orElse("none"))
                .withData("genauth.connect-timeout", text(genauth.connectTimeout()))
                .withData("genauth.connection-max-age", text(genauth.connectionMaxAge()))
                .withData("genauth.deadline", text(genauth.deadline()))
                .withData("genauth.max-concurrent", genauth.maxConcurrent())
                .withData("genauth.max-waiting", genauth.maxWaiting())
                .withData(
                        "genauth.rate-limit",
                        genauth.rateLimit().map(Object::toString).orElse("none"))
                .withData(
                        "genauth.breaker.request-volume-threshold",
                        genauth.breaker().requestVolumeThreshold())
                .withData(
                        "genauth.breaker.failure-ratio",
                        Double.toString(genauth.breaker().failureRatio()))
                .withData("genauth.breaker.delay", text(genauth.breaker().delay()))
                .withData("genauth.breaker.success-threshold", genauth.breaker().successThreshold())
                .withData("mfa.http.request-timeout", text(http.requestTimeout()))
                .withData("mfa.http.max-buffered-bytes", http.maxBufferedBytes().orElseThrow())
                .withData("mfa.cache.fresh", text(cache.fresh()))
                .withData("mfa.cache.revalidate", text(cache.revalidate()))
                .withData("mfa.cache.stale-on-error", text(cache.staleOnError()))
                .withData("mfa.cache.refused", text(cache.refused()))
                .withData("mfa.cache.soft-timeout", text(cache.softTimeout()))
                .withData("mfa.cache.retry-after-failure", text(cache.retryAfterFailure()))
                .withData("mfa.cache.max-bytes", CacheSettings.boundInBytes(cache))
                .withData("mfa.cache.shared", shared.shared().toString())
                .withData("mfa.cache.shared-deadline", text(shared.sharedDeadline()))
                .build();
    }
}
