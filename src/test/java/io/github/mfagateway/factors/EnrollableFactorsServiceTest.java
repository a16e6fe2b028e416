package io.github.mfagateway.factors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;

import io.github.mfagateway.cache.CacheKey;
import io.github.mfagateway.cache.InvalidationListener;
import io.github.mfagateway.cache.ResponseCodec;
import io.github.mfagateway.cache.SharedCache;
import io.github.mfagateway.cache.SharedCacheEntry;
import io.github.mfagateway.cache.TestCacheSettings;
import io.github.mfagateway.config.GenAuthSettings;
import io.github.mfagateway.genauth.AccessToken;
import io.github.mfagateway.support.RealTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Uni;

/** Replicas that share a Redis need not have the same settings, as while a new app id is rolled out. */
class EnrollableFactorsServiceTest {

    private static final Map<String, String> SETTINGS = Map.of("genauth.app-id", "app", "genauth.language", "en-US");

    @Test
    void equalSettingsAndTokensMakeOneKey() {
        assertEquals(key("token", SETTINGS), key("token", SETTINGS));
    }

    @Test
    void anotherTokenApplicationOrLanguageMakesAnotherKey() {
        CacheKey key = key("token", SETTINGS);

        assertNotEquals(key, key("other", SETTINGS));
        assertNotEquals(key, key("token", with("genauth.app-id", "other")));
        assertNotEquals(key, key("token", with("genauth.language", "zh-CN")));
        assertNotEquals(key, key("token", with("genauth.language", "")));
    }

    private static Map<String, String> with(String setting, String value) {
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.put(setting, value);
        return settings;
    }

    /** The key under which replicas with these settings invalidate a token's response. */
    private static CacheKey key(String token, Map<String, String> settings) {
        Listening shared = new Listening();
        EnrollableFactorsService factors = new EnrollableFactorsService(
                null,
                settings(settings),
                TestCacheSettings.defaults(),
                shared,
                RealTime.time(),
                types -> null,
                new SimpleMeterRegistry());
        factors.rejected(new AccessToken(token), factors.start());
        assertEquals(1, shared.keys.size());
        return shared.keys.get(0);
    }

    private static GenAuthSettings settings(Map<String, String> settings) {
        Map<String, String> required = Map.of(
                "genauth.app-id-header", "x-authing-app-id",
                "genauth.connect-timeout", "500ms",
                "genauth.connection-max-age", "5m",
                "genauth.deadline", "2500ms",
                "genauth.max-concurrent", "64",
                "genauth.max-waiting", "64");
        return new SmallRyeConfigBuilder()
                .withSources(
                        new PropertiesConfigSource(required, "required", 100),
                        new PropertiesConfigSource(settings, "a test's", 200))
                .withMapping(GenAuthSettings.class)
                .build()
                .getConfigMapping(GenAuthSettings.class);
    }

    /** Keeps the keys that were looked up. */
    private static final class Listening implements SharedCache {

        private final SharedCache none = SharedCache.none();
        private final List<CacheKey> keys = new ArrayList<>();

        @Override
        public <V> Uni<SharedCacheEntry<V>> lookup(
                CacheKey key, String token, Optional<String> claimed, ResponseCodec<V> codec) {
            keys.add(key);
            return none.lookup(key, token, claimed, codec);
        }

        @Override
        public void invalidate(CacheKey key, Supplier<Optional<String>> local) {
            none.invalidate(key, local);
        }

        @Override
        public void purge(Optional<String> user, Runnable local) {
            none.purge(user, local);
        }

        @Override
        public void subscribe(InvalidationListener invalidations) {
            none.subscribe(invalidations);
        }
    }
}
