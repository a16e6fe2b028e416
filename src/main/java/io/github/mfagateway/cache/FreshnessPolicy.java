package io.github.mfagateway.cache;

/**
 * When the cache responds (RFC 9111, RFC 5861, and FusionCache's fail-safe): a pure function of age, lifetimes, throttle,
 * directive and outcome.
 */
final class FreshnessPolicy {

    enum Step {
        SERVE,
        /** Serve, and load in the background unless the key is throttled. */
        SERVE_AND_REVALIDATE,
        /** Serve without a load: one has just failed, or exceeded the soft timeout. */
        SERVE_STALE,
        /** Serve, and load in the background: the last load was late, and this one may be. */
        SERVE_STALE_AND_LOAD,
        LOAD,
        GIVE_UP
    }

    private FreshnessPolicy() {}

    static Step stepWithoutEntry(CacheDirective directive) {
        return directive == CacheDirective.ONLY_IF_CACHED ? Step.GIVE_UP : Step.LOAD;
    }

    /** @param age in nanoseconds */
    static Step step(long age, FreshnessLifetimes lifetimes, LoadThrottle throttle, CacheDirective directive) {
        if (directive == CacheDirective.NO_CACHE) {
            return Step.LOAD;
        }
        if (age < lifetimes.fresh()) {
            return Step.SERVE;
        }
        boolean revalidates = age < lifetimes.revalidate();
        if (directive == CacheDirective.ONLY_IF_CACHED) {
            return revalidates ? Step.SERVE : Step.GIVE_UP;
        }
        Step step = revalidates ? Step.SERVE_AND_REVALIDATE : Step.LOAD;
        if (age >= lifetimes.staleOnError()) {
            return step;
        }
        return switch (throttle) {
            case NONE, FAILED -> step;
            case UNAVAILABLE, OVERLOADED, LATE -> Step.SERVE_STALE;
            case ENDED_LATE -> revalidates ? step : Step.SERVE_STALE_AND_LOAD;
        };
    }

    /** Whether the stale response may be served while the origin is unavailable or late. */
    static boolean failSafe(long age, FreshnessLifetimes lifetimes, CacheDirective directive) {
        return directive != CacheDirective.NO_CACHE && age < lifetimes.staleOnError();
    }
}
