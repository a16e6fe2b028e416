package io.github.mfagateway.redis;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;

import io.github.mfagateway.cache.Invalidations;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Response;

/** Hears what other replicas evict, in Redis' order, and knows when it may have missed something. */
final class Feed {

    private static final int AT_ONCE = 500;
    // shorter than quarkus.redis.tcp.read-idle-timeout, which closes a connection that says nothing
    private static final Duration WAIT = Duration.ofSeconds(1);
    private static final Duration TOO_LONG = Duration.ofSeconds(3);
    private static final Duration PULSE = Duration.ofSeconds(1);

    private final SecureRandom random = new SecureRandom();
    private final String self;
    private final Vertx vertx;
    private final SharedMeters meters;

    private volatile Invalidations invalidations;
    /** What was heard so far; null if nothing ever was. Used by one session at a time. */
    private volatile Mark heard;

    Feed(String self, Vertx vertx, SharedMeters meters) {
        this.self = self;
        this.vertx = vertx;
        this.meters = meters;
    }

    void tell(Invalidations listener) {
        invalidations = listener;
    }

    /** Hears what was told since the last session; or, if that is not known any more, that it may be anybody. */
    Uni<Void> begin(Session session) {
        return session.begin(newGeneration()).chain(beginning -> {
            Mark now = beginning.mark();
            if (isSame(now) && now.evictions() < heard.evictions()) {
                // another server, which has not all of it: what it still has may be what it was told to evict
                return session.forget().chain(() -> begin(session));
            }
            if (!isSame(now) || beginning.firstTold() > heard.evictions() + 1) {
                expireAll(now);
            }
            return caughtUp(session).onFailure(UnreadableException.class).recoverWithUni(() -> {
                expireAll(now);
                return caughtUp(session);
            });
        });
    }

    /** Who was evicted until now is not known. */
    private void expireAll(Mark now) {
        heard = now;
        invalidations.expireAll();
        meters.heard(SharedMeters.EVERYBODY);
    }

    /** Listens until the session is over, and looks whether it should be. */
    void follow(Session session) {
        listen(session);
        pulse(session, heard);
    }

    private Uni<Void> caughtUp(Session session) {
        return session.toldAfter(heard.evictions(), AT_ONCE, Duration.ZERO)
                .chain(told -> hear(told) ? caughtUp(session) : Uni.createFrom().voidItem());
    }

    private void listen(Session session) {
        session.toldAfter(heard.evictions(), AT_ONCE, WAIT)
                .ifNoItem()
                .after(TOO_LONG)
                .fail()
                .invoke(told -> {
                    if (!session.isOver()) {
                        hear(told);
                    }
                })
                .subscribe()
                .with(told -> listen(session), session::over);
    }

    /** Whether Redis answers in time: what begins a session has more of it. */
    Uni<Void> pulse(Session session) {
        return session.pulse(newGeneration()).replaceWithVoid();
    }

    /** The connection for commands may have lost the server that the other one listens to. */
    private void pulse(Session session, Mark before) {
        if (session.isOver()) {
            return;
        }
        Mark sent = heard;
        if (sent.evictions() < before.evictions()) {
            session.over(new SessionOverException("evictions are not heard"));
            return;
        }
        session.pulse(newGeneration())
                .subscribe()
                .with(
                        now -> {
                            if (!isSame(now)) {
                                session.over(new SessionOverException("it has forgotten everything"));
                            } else if (now.evictions() < sent.evictions()) {
                                session.over(new SessionOverException("it has fewer evictions than were heard"));
                            } else {
                                vertx.setTimer(PULSE.toMillis(), passed -> pulse(session, now));
                            }
                        },
                        failed -> vertx.setTimer(PULSE.toMillis(), passed -> pulse(session, before)));
    }

    /** @return whether there was anything to hear */
    private boolean hear(Response told) {
        if (told == null || told.size() == 0) {
            return false;
        }
        // the one stream's name, and its entries: each an id and a list of names and values
        for (Response entry : told.get(0).get(1)) {
            long number = number(entry.get(0).toString());
            if (number != heard.evictions() + 1) {
                throw new UnreadableException("an eviction is missing");
            }
            Response fields = entry.get(1);
            hear(fields.get(1).toString(), fields.get(3).toString());
            heard = heard.at(number);
        }
        return true;
    }

    private void hear(String user, String by) {
        if (by.equals(self)) {
            return; // it was evicted here before it was told
        }
        invalidations.invalidate(user);
        meters.heard(SharedMeters.ONE_USER);
    }

    private boolean isSame(Mark now) {
        return heard != null && heard.generation().equals(now.generation());
    }

    static long number(String id) {
        int dash = id.indexOf('-');
        try {
            return Long.parseLong(id.substring(0, dash));
        } catch (IndexOutOfBoundsException | NumberFormatException garbled) {
            throw new UnreadableException("an eviction without a number");
        }
    }

    private String newGeneration() {
        byte[] bytes = new byte[12];
        random.nextBytes(bytes);
        return new String(Base64.getUrlEncoder().encode(bytes), StandardCharsets.US_ASCII);
    }
}
