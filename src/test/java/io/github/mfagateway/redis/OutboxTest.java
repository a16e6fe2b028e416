package io.github.mfagateway.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class OutboxTest {

    private final Outbox outbox = new Outbox();

    @Test
    void aUserIsKeptOnce() {
        for (int i = 0; i < 100; i++) {
            outbox.add(Eviction.of("alice", "answer"));
        }

        assertEquals(1, outbox.size());
    }

    @Test
    void whatWasAddedAgainIsNotConfirmedByWhatWasToldBefore() {
        long first = outbox.add(Eviction.of("alice", "answer"));
        outbox.add(Eviction.of("alice", "answer"));

        outbox.confirm(Eviction.of("alice", "answer"), first);

        assertEquals(1, outbox.size());
        assertFalse(outbox.holdsNoEviction());
    }

    @Test
    void removalsDoNotOverflow() {
        for (int i = 0; i < 2 * Outbox.MOST; i++) {
            outbox.add(Eviction.removal("answer " + i));
        }
        assertFalse(outbox.isOverflown());
        assertEquals(Outbox.MOST, outbox.size());

        for (int i = 0; i <= Outbox.MOST; i++) {
            outbox.add(Eviction.of("user " + i, "answer"));
        }
        assertTrue(outbox.isOverflown());
    }

    @Test
    void aRemovalKeepsNobodyFromLooking() {
        outbox.add(Eviction.removal("answer"));

        assertTrue(outbox.holdsNoEviction());
    }
}
