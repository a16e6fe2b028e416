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
 * One {@link EntryOwner} per identity, held weakly, as long as an entry refers to it. So the cache's bound bounds this, too.
 */
final class EntryOwners {

    // an invalidated user without entries is retained until no earlier load can complete; a deadline is at most 60 s
    static final Duration LONGER_THAN_ANY_LOAD = Duration.ofMinutes(2);

    // 160 invalidations a second
    private static final int MOST_INVALIDATED = 20_000;

    private final ConcurrentMap<Object, Held> byIdentity = new ConcurrentHashMap<>();
    private final ReferenceQueue<EntryOwner> unused = new ReferenceQueue<>();
    private final Cache<EntryOwner, EntryOwner> invalidated;

    EntryOwners() {
        invalidated = Caffeine.newBuilder()
                .maximumSize(MOST_INVALIDATED)
                .expireAfterWrite(LONGER_THAN_ANY_LOAD)
                .executor(Runnable::run)
                .build();
    }

    EntryOwner of(Object identity) {
        removeUnused();
        while (true) {
            Held held = byIdentity.get(identity);
            EntryOwner existing = held == null ? null : held.get();
            if (existing != null) {
                return existing;
            }
            EntryOwner user = new EntryOwner(identity);
            Held mine = new Held(identity, user, unused);
            boolean added = held == null
                    ? byIdentity.putIfAbsent(identity, mine) == null
                    : byIdentity.replace(identity, held, mine);
            if (added) {
                return user;
            }
        }
    }

    void invalidate(EntryOwner user, long order) {
        invalidated.put(user, user);
        user.invalidate(order);
    }

    int size() {
        return byIdentity.size();
    }

    private void removeUnused() {
        for (Reference<?> gone = unused.poll(); gone != null; gone = unused.poll()) {
            Held held = (Held) gone;
            byIdentity.remove(held.identity, held);
        }
    }

    private static final class Held extends WeakReference<EntryOwner> {

        private final Object identity;

        Held(Object identity, EntryOwner user, ReferenceQueue<EntryOwner> unused) {
            super(user, unused);
            this.identity = identity;
        }
    }
}
