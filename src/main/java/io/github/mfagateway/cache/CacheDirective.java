package io.github.mfagateway.cache;

/** What a request's {@code Cache-Control} asks of the cache (RFC 9111, section 5.2.1). */
public enum CacheDirective {
    NONE,
    /** Ask anew, and say so if that fails. */
    NO_CACHE,
    /** Never ask. */
    ONLY_IF_CACHED
}
