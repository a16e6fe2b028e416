package io.github.mfagateway.redis;

import java.util.Locale;

/**
 * What other replicas must hear.
 *
 * @param answer name of an answer that goes, or that stays away
 * @param user name of whose answers end; empty for a removal
 */
record Eviction(Kind kind, String answer, String user) {

    enum Kind {
        /** A user's answers ended. */
        EVICT,
        /** A user's answers may have ended: the caller's word. */
        DISTRUST,
        /** A key was refused. */
        REMOVE;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Eviction of(String user, String answer) {
        return new Eviction(Kind.EVICT, answer, user);
    }

    static Eviction distrust(String user) {
        return new Eviction(Kind.DISTRUST, Session.NO_KEY, user);
    }

    static Eviction removal(String answer) {
        return new Eviction(Kind.REMOVE, answer, "");
    }

    SharedMeters.Operation operation() {
        return kind == Kind.REMOVE ? SharedMeters.Operation.REMOVE : SharedMeters.Operation.EVICT;
    }
}
