package io.github.mfagateway.cache;

import java.time.Duration;
import java.util.Optional;

/** A lookup's result in the shared cache, and the changes that its load may make there. No method fails or waits. */
public interface SharedCacheEntry<V> {

    /**
     * A response that another replica fetched.
     *
     * @param age since its load began, never underestimated
     * @param jitter of its lifetimes, drawn when it was fetched
     */
    record Copy<V>(LoadedResponse<V> fetched, Duration age, double jitter) {}

    Optional<Copy<V>> copy();

    /**
     * Stores a response that was loaded after this lookup, unless its user was invalidated since.
     *
     * @param life counted from the lookup
     */
    void store(LoadedResponse<V> fetched, double jitter, Duration life);

    /** The key was rejected: deletes the copy of this lookup, and no newer one. */
    void remove();

    /** The result without a shared cache, or while it is unavailable. */
    static <V> SharedCacheEntry<V> none() {
        return new SharedCacheEntry<>() {
            @Override
            public Optional<Copy<V>> copy() {
                return Optional.empty();
            }

            @Override
            public void store(LoadedResponse<V> fetched, double jitter, Duration life) {
                // nothing is shared
            }

            @Override
            public void remove() {
                // nothing is shared
            }
        };
    }
}
