package io.github.mfagateway.cache;

import java.util.Optional;

/** Shared by all of a user's entries, so that one write invalidates them without a list. */
final class EntryOwner {

    private final Object identity;
    private volatile long invalidatedAt;

    /** @param identity a subject, or the key of a token that names none */
    EntryOwner(Object identity) {
        this.identity = identity;
    }

    Optional<String> subject() {
        return identity instanceof String subject ? Optional.of(subject) : Optional.empty();
    }

    synchronized void invalidate(long order) {
        invalidatedAt = Math.max(invalidatedAt, order);
    }

    boolean invalidatedAfter(long order) {
        return invalidatedAt > order;
    }
}
