package io.github.mfagateway.cache;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/**
 * One {@link User} per identity. They are held weakly: as long as an entry refers to one, it is here, and no longer, so this
 * is bounded by the cache without a bound of its own.
 */
final class Users {

    // an evicted user without entries is kept until no flight from before the eviction can land; a deadline is at most
    // 60 s
    static final Duration LONGER_THAN_ANY_FLIGHT = Duration.ofMinutes(2);

    // as many flights from before may be under way, however few entries there are
    private static final int AT_LEAST = 10_000;

    private final ConcurrentMap<Object, Held> byIdentity = new ConcurrentHashMap<>();
    private final ReferenceQueue<User> unused = new ReferenceQueue<>();
    private final Cache<User, User> evicted;

    Users(int maxEntries) {
        evicted = Caffeine.newBuilder()
                .maximumSize(Math.max(maxEntries, AT_LEAST))
                .expireAfterWrite(LONGER_THAN_ANY_FLIGHT)
                .executor(Runnable::run)
                .build();
    }

    User of(Object identity) {
        forgetUnused();
        while (true) {
            Held held = byIdentity.get(identity);
            User known = held == null ? null : held.get();
            if (known != null) {
                return known;
            }
            User user = new User();
            Held mine = new Held(identity, user, unused);
            boolean added = held == null
                    ? byIdentity.putIfAbsent(identity, mine) == null
                    : byIdentity.replace(identity, held, mine);
            if (added) {
                return user;
            }
        }
    }

    void evict(User user, long order) {
        evicted.put(user, user);
        user.evict(order);
    }

    void distrust(User user, long order) {
        evicted.put(user, user);
        user.distrust(order);
    }

    int size() {
        forgetUnused();
        return byIdentity.size();
    }

    private void forgetUnused() {
        for (Reference<?> gone = unused.poll(); gone != null; gone = unused.poll()) {
            Held held = (Held) gone;
            byIdentity.remove(held.identity, held);
        }
    }

    private static final class Held extends WeakReference<User> {

        private final Object identity;

        Held(Object identity, User user, ReferenceQueue<User> unused) {
            super(user, unused);
            this.identity = identity;
        }
    }
}
