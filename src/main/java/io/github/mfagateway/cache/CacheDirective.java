package io.github.mfagateway.cache;

/** What a request's {@code Cache-Control} requires of the cache (RFC 9111, section 5.2.1). */
public enum CacheDirective {
    NONE,
    /** Calls the origin, and fails if that call fails. */
    NO_CACHE,
    /** Never calls the origin. */
    ONLY_IF_CACHED
}
