package io.github.mfagateway.factors;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

import jakarta.inject.Singleton;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.github.mfagateway.cache.CacheKey;
import io.github.mfagateway.cache.CacheSettings;
import io.github.mfagateway.cache.Directive;
import io.github.mfagateway.cache.Found;
import io.github.mfagateway.cache.NotRememberedException;
import io.github.mfagateway.cache.Outcome;
import io.github.mfagateway.cache.ResponseCache;
import io.github.mfagateway.cache.ResponseTraits;
import io.github.mfagateway.cache.SharedCache;
import io.github.mfagateway.cache.Time;
import io.github.mfagateway.cache.UserDigest;
import io.github.mfagateway.genauth.AccessToken;
import io.github.mfagateway.genauth.FailureKind;
import io.github.mfagateway.genauth.GenAuthClient;
import io.github.mfagateway.genauth.GenAuthException;
import io.github.mfagateway.genauth.GenAuthSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;

/** The enrollable factors of whoever holds a token, remembered as the bytes that go out. */
@Singleton
@Startup // so that every series of its meters is there from the start
public class RememberedFactors {

    // GenAuth's client ends each call at the deadline; this is for what never ends
    private static final Duration GRACE = Duration.ofMillis(100);

    private final Questions questions;
    private final ResponseCache<StoredAnswer> responses;
    private final SharedCache shared;
    private final AnswerMeters meters;
    private final String appId;
    private final String language;

    RememberedFactors(
            GenAuthClient genauth,
            GenAuthSettings settings,
            CacheSettings windows,
            SharedCache shared,
            Time time,
            ObjectMapper json,
            MeterRegistry registry) {
        this.questions = new Questions(genauth, shared, json);
        this.meters = new AnswerMeters(registry);
        this.responses = new ResponseCache<>(
                windows,
                settings.deadline().plus(GRACE),
                new Traits(settings.deadline(), windows.retryAfterFailure(), meters),
                time,
                () -> ThreadLocalRandom.current().nextDouble());
        meters.watch(responses, windows);
        this.shared = shared;
        shared.subscribe(responses);
        this.appId = settings.appId().orElseThrow();
        this.language = settings.language().orElse("");
    }

    public Uni<Found<StoredAnswer>> enrollable(AccessToken token, Directive directive) {
        CacheKey key = key(token);
        return responses
                .get(key, directive, questions.of(token, key))
                .onItem()
                .invoke(meters::answered)
                .onFailure()
                .invoke(this::notAnswered);
    }

    private void notAnswered(Throwable failure) {
        if (failure instanceof NotRememberedException) {
            meters.notCached();
        } else {
            meters.notAnswered(Questions.outcome(failure));
        }
    }

    /** The same as far as nobody has to be asked: a fresh answer, or none. */
    public Optional<Found<StoredAnswer>> fresh(AccessToken token) {
        Optional<Found<StoredAnswer>> found = responses.fresh(key(token));
        found.ifPresent(meters::answered);
        return found;
    }

    /** The user has other factors now; GenAuth said so to this token, and whose it is. */
    void changed(AccessToken token, Optional<String> subject) {
        CacheKey key = key(token);
        Optional<String> user = subject.map(UserDigest::of);
        shared.invalidate(key, () -> {
            responses.invalidate(key, user);
            return user;
        });
        meters.evicted();
    }

    /** A call that begins now, for {@link #rejected}. */
    CallStart start() {
        return new CallStart(responses.mark(), System.nanoTime());
    }

    /** @param order among all loads and invalidations */
    record CallStart(long order, long nanos) {

        Duration age() {
            return Duration.ofNanos(System.nanoTime() - nanos);
        }
    }

    /** GenAuth rejected this token, or its user, in another call. A list that was loaded after that call began stands. */
    void rejected(AccessToken token, CallStart call) {
        CacheKey key = key(token);
        responses.reject(key, call.order());
        questions.of(token, key).lookup().subscribe().with(entry -> entry.copy()
                .filter(copy -> copy.age().compareTo(call.age()) >= 0)
                .ifPresent(older -> entry.remove()));
    }

    /**
     * The user may have other factors now. Who that is has not been proven by this call: the token's own response is
     * invalidated, and its owner's, whom GenAuth named when it was loaded. An unproven claim invalidates nobody else.
     */
    void mayHaveChanged(AccessToken token) {
        CacheKey key = key(token);
        shared.invalidate(key, () -> responses.invalidate(key, Optional.empty()));
        meters.evicted();
    }

    /** What the cache must know about these responses. */
    private record Traits(Duration deadline, Duration retryAfterFailure, AnswerMeters meters)
            implements ResponseTraits<StoredAnswer> {

        private static final Duration MOMENT = Duration.ofMillis(500);

        @Override
        public Outcome outcome(Throwable failure) {
            return Questions.outcome(failure);
        }

        @Override
        public int bytes(StoredAnswer response) {
            return response.bytes();
        }

        @Override
        public Throwable deadlinePassed() {
            return GenAuthException.timedOut(deadline);
        }

        /** An open breaker is asked again when it is half-open; a half-open one, and our own limits, a moment later. */
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
        public void revalidated(Outcome outcome) {
            meters.refreshed(outcome);
        }
    }

    /** Every input that is forwarded: no answer may be shared by two callers who differ in one. */
    private CacheKey key(AccessToken token) {
        return CacheKey.of(token.asHeader(), appId, language);
    }
}
