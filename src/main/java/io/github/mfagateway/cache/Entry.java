package io.github.mfagateway.cache;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** One remembered answer. */
final class Entry<V> {

    // another replica's answer looks some milliseconds older or younger each time it is read
    private static final long NOISE = Duration.ofMillis(500).toNanos();

    private final V answer;
    private final User user;
    private final Windows windows;
    private final long fetchedAt;
    private final long order;
    private final AtomicBoolean refreshed = new AtomicBoolean();

    /** @param order of the flight that fetched it */
    Entry(V answer, User user, Windows windows, long fetchedAt, long order) {
        this.answer = answer;
        this.user = user;
        this.windows = windows;
        this.fetchedAt = fetchedAt;
        this.order = order;
    }

    V answer() {
        return answer;
    }

    Windows windows() {
        return windows;
    }

    long age(long now) {
        return now - fetchedAt;
    }

    boolean isNoLongerFresh(long now) {
        return age(now) >= windows.fresh();
    }

    /** How long there is any use for it yet. */
    long left(long now) {
        return Math.max(0, windows.end() - age(now));
    }

    boolean wasFetchedWellBefore(Entry<V> other) {
        return other.fetchedAt - fetchedAt > NOISE;
    }

    /** Its age as far as asking again goes: a distrusted answer is too old to be given unasked. */
    long ageForAsking(long now) {
        return isDistrusted() ? Math.max(age(now), windows.revalidate()) : age(now);
    }

    /** True if its user's factors may have changed since it was asked for. */
    boolean isDistrusted() {
        return user.distrustedAfter(order);
    }

    User user() {
        return user;
    }

    boolean isOlderThan(Entry<V> other) {
        return order < other.order;
    }

    /** True if it was, or may have been, fetched before. */
    boolean isFrom(long before) {
        return order < before;
    }

    boolean isNewerThan(Flight<V> flight) {
        return order > flight.order();
    }

    /** True if this answer was, or may have been, fetched before its user was evicted. */
    boolean isEvicted() {
        return user.evictedAfter(order);
    }

    /** True once: an answer is refreshed once behind a caller's back; if that fails, the next caller who must wait asks. */
    boolean mayRefresh() {
        return !refreshed.get() && refreshed.compareAndSet(false, true);
    }

    /** It was not refreshed after all. */
    void keepRefresh() {
        refreshed.set(false);
    }
}
