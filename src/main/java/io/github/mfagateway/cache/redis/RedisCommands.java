package io.github.mfagateway.cache.redis;

import java.util.List;
import java.util.Optional;

import io.smallrye.mutiny.Uni;

/** A connection for commands, and one for messages. Every command completes or fails within {@code mfa.cache.shared-deadline}. */
interface RedisCommands {

    /** Opens connections. */
    interface Connector {

        /**
         * Connects and subscribes.
         *
         * @param heartbeat this replica's own channel
         */
        Uni<RedisCommands> connect(List<String> channels, String heartbeat, Listener listener);
    }

    /** Called by one thread at a time, in the order in which Redis sends. */
    interface Listener {

        void message(String channel, byte[] message);

        /** The connection is closed or unusable. */
        void lost(Throwable why);
    }

    /**
     * @param replicationId {@code master_replid}, or empty if the server is a replica
     * @param micros since 1970, by Redis' clock
     * @param epoch current values of the epoch keys
     */
    record Lookup(String replicationId, long micros, String epoch, Optional<byte[]> value) {}

    record Message(String channel, byte[] content) {}

    /** Whether a value was stored. */
    enum Stored {
        STORED,
        /** The epoch has changed, a newer value is stored, or the value has expired. */
        OUTDATED,
        FULL
    }

    /** {@code master_replid}, which changes at each start and each promotion of the server. */
    String replicationId();

    /** @param newEpoch for epoch keys that are missing */
    Uni<Lookup> lookup(String entry, List<String> epochs, String newEpoch);

    /**
     * Stores a value if the epoch keys still have the values of the lookup.
     *
     * @param value begins with the lookup's time in microseconds
     * @param expiresAt in microseconds since 1970, by Redis' clock
     */
    Uni<Stored> store(String entry, List<String> epochs, String epoch, byte[] value, long expiresAt);

    /** Deletes an entry if its value begins with this. */
    Uni<Void> remove(String entry, byte[] beginning);

    /** Deletes keys and publishes messages atomically, even in a full Redis. */
    Uni<Void> invalidate(List<String> keys, List<Message> messages);

    /** Deletes all keys that begin with this. */
    Uni<Void> deleteAll(String prefix);

    /**
     * Checks that the server accepts writes and that this replica is subscribed, and publishes on the replica's own channel.
     *
     * @return the current replication id
     */
    Uni<String> heartbeat();

    void close();
}
