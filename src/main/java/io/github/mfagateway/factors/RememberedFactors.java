package io.github.mfagateway.factors;

import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

import jakarta.inject.Singleton;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Ticker;

import io.github.mfagateway.cache.AnswerCache;
import io.github.mfagateway.cache.CacheKey;
import io.github.mfagateway.cache.CacheSettings;
import io.github.mfagateway.cache.Directive;
import io.github.mfagateway.cache.Found;
import io.github.mfagateway.cache.NotRememberedException;
import io.github.mfagateway.cache.SharedMemory;
import io.github.mfagateway.genauth.AccessToken;
import io.github.mfagateway.genauth.GenAuthClient;
import io.github.mfagateway.genauth.GenAuthSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;

/** The enrollable factors of whoever holds a token, remembered as the bytes that go out. */
@Singleton
@Startup // so that every series of its meters is there from the start
public class RememberedFactors {

    private final Questions questions;
    private final AnswerCache<StoredAnswer> answers;
    private final SharedMemory shared;
    private final AnswerMeters meters;
    private final String appId;
    private final String language;

    RememberedFactors(
            GenAuthClient genauth,
            GenAuthSettings settings,
            CacheSettings windows,
            SharedMemory shared,
            Ticker ticker,
            InstantSource clock,
            ObjectMapper json,
            MeterRegistry registry) {
        this.questions = new Questions(genauth, shared, json);
        this.meters = new AnswerMeters(registry);
        this.answers = new AnswerCache<>(
                windows, Questions::outcome, this.meters::refreshed, ticker, clock, () -> ThreadLocalRandom.current()
                        .nextDouble());
        meters.watch(answers, windows);
        this.shared = shared;
        shared.tell(answers);
        this.appId = settings.appId().orElseThrow();
        this.language = settings.language().orElse("");
    }

    public Uni<Found<StoredAnswer>> enrollable(AccessToken token, Directive directive) {
        CacheKey key = key(token);
        return answers.get(key, directive, questions.of(token, key))
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
        Optional<Found<StoredAnswer>> found = answers.fresh(key(token));
        found.ifPresent(meters::answered);
        return found;
    }

    /** The user has other factors now; GenAuth said so to this token, and whose it is. */
    void changed(AccessToken token, Optional<String> subject) {
        CacheKey key = key(token);
        Optional<String> user = shared.user(key, subject);
        answers.evict(key, user);
        user.ifPresent(name -> shared.evict(key, name));
        meters.evicted();
    }

    /** GenAuth refused this token, or its user, when something else was asked. */
    void refused(AccessToken token) {
        CacheKey key = key(token);
        answers.drop(key);
        questions.of(token, key).shared().remove();
    }

    /** The user may have other factors now, and who it is only the token says. */
    void mayHaveChanged(AccessToken token) {
        CacheKey key = key(token);
        Optional<String> claimed = token.claimedSubject();
        Optional<String> bearer = shared.user(key, Optional.empty());
        answers.evict(key, bearer);
        if (claimed.isPresent()) {
            shared.user(key, claimed).ifPresent(name -> {
                answers.distrust(name);
                shared.distrust(name);
            });
        } else {
            bearer.ifPresent(name -> shared.evict(key, name));
        }
        meters.distrusted();
    }

    /** Every input that is forwarded: no answer may be shared by two callers who differ in one. */
    private CacheKey key(AccessToken token) {
        return CacheKey.of(token.asHeader(), appId, language);
    }
}
