package io.github.mfagateway.factors;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

import jakarta.inject.Singleton;

import io.github.mfagateway.cache.CacheDirective;
import io.github.mfagateway.cache.CacheKey;
import io.github.mfagateway.cache.CacheResult;
import io.github.mfagateway.cache.LoadOutcome;
import io.github.mfagateway.cache.NotCachedException;
import io.github.mfagateway.cache.OriginAdapter;
import io.github.mfagateway.cache.ResponseCache;
import io.github.mfagateway.cache.SharedCache;
import io.github.mfagateway.cache.TimeSources;
import io.github.mfagateway.cache.UserDigest;
import io.github.mfagateway.config.CacheSettings;
import io.github.mfagateway.config.GenAuthSettings;
import io.github.mfagateway.genauth.AccessToken;
import io.github.mfagateway.genauth.FailureKind;
import io.github.mfagateway.genauth.GenAuthClient;
import io.github.mfagateway.genauth.GenAuthException;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;

/** The enrollable factors of a token's user, cached as serialized responses. */
@Singleton
@Startup // so that all series of its metrics exist from startup
public class EnrollableFactorsService {

    private final EnrollableFactorsOrigin loads;
    private final ResponseCache<CachedResponse> responses;
    private final SharedCache shared;
    private final CacheMetrics metrics;
    private final String appId;
    private final String language;

    EnrollableFactorsService(
            GenAuthClient genauth,
            GenAuthSettings settings,
            CacheSettings cacheSettings,
            SharedCache shared,
            TimeSources time,
            CachedResponseWriter writer,
            MeterRegistry registry) {
        this.loads = new EnrollableFactorsOrigin(genauth, shared, writer);
        this.metrics = new CacheMetrics(registry);
        this.responses = new ResponseCache<>(
                cacheSettings,
                settings.deadline(),
                new Traits(settings.deadline(), cacheSettings.retryAfterFailure(), metrics),
                time,
                () -> ThreadLocalRandom.current().nextDouble());
        metrics.watch(responses, cacheSettings);
        this.shared = shared;
        shared.subscribe(responses);
        this.appId = settings.appId().orElseThrow();
        this.language = settings.language().orElse("");
    }

    public Uni<CacheResult<CachedResponse>> enrollable(AccessToken token, CacheDirective directive) {
        CacheKey key = key(token);
        return responses
                .get(key, directive, loads.of(token, key))
                .onItem()
                .invoke(metrics::served)
                .onFailure()
                .invoke(this::failed);
    }

    private void failed(Throwable failure) {
        if (failure instanceof NotCachedException) {
            metrics.notCached();
        } else {
            metrics.failed(EnrollableFactorsOrigin.outcome(failure));
        }
    }

    /** A fresh cached response, if there is one; never calls GenAuth. */
    public Optional<CacheResult<CachedResponse>> fresh(AccessToken token) {
        Optional<CacheResult<CachedResponse>> found = responses.fresh(key(token));
        found.ifPresent(metrics::served);
        return found;
    }

    /**
     * GenAuth has confirmed a change of the factors of this token's user.
     *
     * @param subject the user's, if the token names one
     */
    void changed(AccessToken token, Optional<String> subject) {
        CacheKey key = key(token);
        Optional<String> user = subject.map(UserDigest::of);
        shared.invalidate(key, () -> {
            responses.invalidate(key, user);
            return user;
        });
        metrics.invalidated();
    }

    /**
     * Serves nothing again that is cached now, on any replica.
     *
     * @param subject of the user whose responses are meant; empty for all
     */
    public void purge(Optional<String> subject) {
        Optional<String> user = subject.map(UserDigest::of);
        shared.purge(user, () -> user.ifPresentOrElse(responses::invalidate, responses::invalidateAll));
        metrics.invalidated();
    }

    /** The start of a call, for {@link #rejected}. */
    CallStart start() {
        return new CallStart(responses.nextOrder(), System.nanoTime());
    }

    /** @param order among all loads and invalidations */
    record CallStart(long order, long nanos) {

        Duration age() {
            return Duration.ofNanos(System.nanoTime() - nanos);
        }
    }

    /** GenAuth rejected this token or its user in another call. A list loaded after that call began stays cached. */
    void rejected(AccessToken token, CallStart call) {
        CacheKey key = key(token);
        responses.reject(key, call.order());
        loads.of(token, key).lookup().subscribe().with(entry -> entry.copy()
                .filter(copy -> copy.age().compareTo(call.age()) >= 0)
                .ifPresent(older -> entry.remove()));
    }

    /**
     * The factors may have changed, but this call has not verified the token. Invalidates the token's own response and all
     * of its owner's, who was verified when it was loaded. An unverified claim invalidates nothing else.
     */
    void mayHaveChanged(AccessToken token) {
        CacheKey key = key(token);
        shared.invalidate(key, () -> responses.invalidate(key, Optional.empty()));
        metrics.invalidated();
    }

    /** Properties of enrollable factors that the cache depends on. */
    private record Traits(Duration deadline, Duration retryAfterFailure, CacheMetrics metrics)
            implements OriginAdapter<CachedResponse> {

        private static final Duration MOMENT = Duration.ofMillis(500);

        @Override
        public LoadOutcome outcome(Throwable failure) {
            return EnrollableFactorsOrigin.outcome(failure);
        }

        @Override
        public int bytes(CachedResponse response) {
            return response.bytes();
        }

        @Override
        public Throwable deadlinePassed() {
            return GenAuthException.timedOut(deadline);
        }

        /** After an open breaker, until it is half-open; after a half-open one and the gateway's own limits, 500 ms. */
        @Override
        public Optional<Duration> notCalledFor(Throwable failure) {
            return switch (FailureKind.of(failure)) {
                case UNAVAILABLE ->
                    ((GenAuthException) failure).retryAfter().map(left -> left.compareTo(MOMENT) > 0 ? left : MOMENT);
                case OVERLOADED -> Optional.of(MOMENT);
                case THROTTLED ->
                    ((GenAuthException) failure).retryAfter().filter(left -> left.compareTo(retryAfterFailure) > 0);
                case TOKEN_REJECTED, USER_FORBIDDEN, INPUT_REJECTED, REJECTED, FAILED, TIMEOUT -> Optional.empty();
            };
        }

        @Override
        public void revalidated(LoadOutcome outcome) {
            metrics.revalidated(outcome);
        }
    }

    /** Contains every input that is forwarded, so that callers who differ in one share no response. */
    private CacheKey key(AccessToken token) {
        return CacheKey.of(token.asHeader(), appId, language);
    }
}
