package io.github.mfagateway.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;

import com.github.benmanes.caffeine.cache.Cache;

import io.github.mfagateway.support.RealTime;
import io.quarkus.caffeine.runtime.graal.CacheConstructorsFeature;
import io.quarkus.runtime.annotations.RegisterForReflection;

/** Caffeine finds its classes by name; in a native executable only those that Quarkus or the cache registers are there. */
class NativeCachesTest {

    @Test
    void everyCaffeineClassInUseIsRegisteredForNative() throws Exception {
        CacheStore<String> store =
                new CacheStore<>(TestCacheSettings.defaults(), response -> 0, RealTime.time(), () -> 0.5);
        Set<String> inUse = new TreeSet<>();
        inspect(store, "entries", inUse);
        inspect(read(store, "rejections"), "reasons", inUse);
        inspect(read(store, "rejections"), "orders", inUse);
        inspect(read(store, "users"), "invalidated", inUse);

        Set<String> missing = new TreeSet<>(inUse);
        missing.removeAll(Set.of(CacheConstructorsFeature.typesNeedingConstructorsRegistered()));
        missing.removeAll(Set.of(
                CacheStore.class.getAnnotation(RegisterForReflection.class).classNames()));

        assertEquals(Set.of(), missing);
        assertTrue(inUse.size() >= 2, () -> "a cache and its nodes, but only " + inUse);
    }

    private static void inspect(Object owner, String field, Set<String> classes) throws Exception {
        Object local = ((Cache<?, ?>) read(owner, field)).asMap();
        classes.add(local.getClass().getName());
        classes.add(read(local, "nodeFactory").getClass().getName());
    }

    private static Object read(Object owner, String name) throws Exception {
        for (Class<?> type = owner.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    field.setAccessible(true);
                    return field.get(owner);
                }
            }
        }
        throw new NoSuchFieldException(owner.getClass() + " has no " + name);
    }
}
