package io.github.mfagateway.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.time.InstantSource;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Ticker;

import io.quarkus.caffeine.runtime.graal.CacheConstructorsFeature;

/** Caffeine finds its classes by name; in a native executable only those that Quarkus registers are there. */
class NativeCachesTest {

    @Test
    void everyCaffeineClassInUseIsRegisteredForNative() throws Exception {
        Memory<String> memory =
                new Memory<>(TestWindows.defaults(), Ticker.systemTicker(), InstantSource.system(), () -> 0.5);
        Set<String> inUse = new TreeSet<>();
        inspect(memory, "entries", inUse);
        inspect(read(memory, "refusals"), "reasons", inUse);
        inspect(read(memory, "refusals"), "orders", inUse);
        inspect(read(memory, "users"), "evicted", inUse);

        Set<String> missing = new TreeSet<>(inUse);
        missing.removeAll(Set.of(CacheConstructorsFeature.typesNeedingConstructorsRegistered()));

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
