package io.github.mfagateway.cache.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import io.github.mfagateway.cache.CacheKey;
import io.github.mfagateway.support.StoppedClock;

class RecentInvalidationsTest {

    private final StoppedClock clock = new StoppedClock();
    private final RecentInvalidations log = new RecentInvalidations(clock, Duration.ofMinutes(10));

    @Test
    void theSameInvalidationIsKeptOnce() {
        for (int i = 0; i < 100; i++) {
            log.add(of("alice"));
        }

        assertEquals(1, log.pending());
    }

    @Test
    void oneThatWasMadeAgainIsNotConfirmedByTheOneBefore() {
        RecentInvalidations.Logged first = log.add(of("alice"));
        log.add(of("alice"));

        log.confirm(first, "server");

        assertEquals(1, log.pending());
        assertFalse(log.isConfirmed());
    }

    @Test
    void oneThatIsBeingMadeIsNotConfirmed() {
        log.start();
        assertFalse(log.isConfirmed());
        log.finish();
        assertTrue(log.isConfirmed());
    }

    @Test
    void anotherServerMayNotHaveIt() {
        log.confirm(log.add(of("alice")), "server");

        assertEquals(List.of(), all("server"));
        assertEquals(List.of(of("alice")), all("another server"));
        assertEquals(0, log.pending());
    }

    @Test
    void itIsForgottenWhenWhatWasCachedBeforeHasExpired() {
        log.add(of("alice"));
        clock.turn(Duration.ofMinutes(9));
        log.confirm(log.add(of("bob")), "server");
        assertEquals(List.of(of("alice"), of("bob")), all("another server"));

        clock.turn(Duration.ofMinutes(1));

        assertEquals(List.of(of("bob")), all("another server"));
        assertEquals(0, log.pending());
    }

    @Test
    void tooManyBecomeOneOfEverything() {
        for (int i = 0; i <= RecentInvalidations.MOST; i++) {
            log.add(of("user " + i));
        }

        assertEquals(List.of(Invalidation.ALL, of("user " + RecentInvalidations.MOST)), all("server"));
        assertEquals(2, log.pending());
    }

    private List<Invalidation> all(String server) {
        return log.unconfirmedBy(server, Integer.MAX_VALUE).stream()
                .map(RecentInvalidations.Logged::invalidation)
                .toList();
    }

    private static Invalidation of(String user) {
        return new Invalidation(Optional.of(CacheKey.of("token of " + user)), Optional.of(user));
    }
}
