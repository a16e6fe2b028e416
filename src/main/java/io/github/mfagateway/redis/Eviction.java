package io.github.mfagateway.redis;

/**
 * What other replicas must hear.
 *
 * @param answer name of an answer that goes, or that stays away
 * @param user name of the user whose answers end; empty for a removal
 */
record Eviction(Kind kind, String answer, String user) {

    enum Kind {
        /** A user's answers ended. */
        EVICT,
        /** A key was refused. */
        REMOVE
    }

    static Eviction of(String user, String answer) {
        return new Eviction(Kind.EVICT, answer, user);
    }

    static Eviction removal(String answer) {
        return new Eviction(Kind.REMOVE, answer, "");
    }

    SharedMeters.Operation operation() {
        return kind == Kind.REMOVE ? SharedMeters.Operation.REMOVE : SharedMeters.Operation.EVICT;
    }
}
