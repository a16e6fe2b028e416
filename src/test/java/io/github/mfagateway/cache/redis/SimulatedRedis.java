package io.github.mfagateway.cache.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException;

import io.github.mfagateway.support.StoppedClock;
import io.smallrye.mutiny.Uni;

/**
 * A master, a replica of it that lags, and what the scripts do, in virtual time and on the test's thread. After a promotion
 * the old master goes on for those who are connected to it.
 */
final class SimulatedRedis {

    /** What happens to the commands of a connection. */
    enum Replies {
        ARRIVE,
        /** The command is executed. */
        LOST,
        /** The command is not executed. */
        COMMAND_LOST
    }

    private record Value(byte[] content, long expiresAt) {}

    private static final class Server {

        private final String replicationId;
        private final Map<String, Value> data;
        private final Map<String, Value> lagging;
        private final List<Map.Entry<String, Optional<Value>>> backlog = new ArrayList<>();

        Server(String replicationId, Map<String, Value> data) {
            this.replicationId = replicationId;
            this.data = new HashMap<>(data);
            this.lagging = new HashMap<>(data);
        }

        void write(String key, Value value) {
            backlog.add(Map.entry(key, Optional.ofNullable(value)));
            apply(data, key, Optional.ofNullable(value));
        }

        /** What a replica has that did not receive the last writes. */
        Map<String, Value> without(int last) {
            backlog.subList(0, Math.max(0, backlog.size() - last))
                    .forEach(write -> apply(lagging, write.getKey(), write.getValue()));
            return lagging;
        }

        private static void apply(Map<String, Value> data, String key, Optional<Value> value) {
            value.ifPresentOrElse(written -> data.put(key, written), () -> data.remove(key));
        }
    }

    private final StoppedClock clock;
    private final Set<Connection> open = new HashSet<>();
    private int promotions;
    private Server master = new Server("history0", Map.of());
    private boolean full;

    SimulatedRedis(StoppedClock clock) {
        this.clock = clock;
    }

    /** The replica becomes the master of all who connect from now on. */
    void promote(int lostWrites) {
        master = next(lostWrites);
    }

    /** As by a failover there and back, unnoticed by connections. */
    void promoteInPlace(int lostWrites) {
        Server old = master;
        master = next(lostWrites);
        open.stream().filter(each -> each.server == old).forEach(each -> each.server = master);
    }

    private Server next(int lostWrites) {
        promotions++;
        return new Server("history" + promotions, master.without(lostWrites));
    }

    void full(boolean now) {
        full = now;
    }

    /** One gateway's way to Redis. */
    final class Way implements RedisCommands.Connector {

        private boolean cut;
        private Replies replies = Replies.ARRIVE;
        private long delay;
        private int undelivered;
        private Connection connection;

        @Override
        public Uni<RedisCommands> connect(List<String> channels, String heartbeat, RedisCommands.Listener listener) {
            if (cut) {
                return Uni.createFrom().failure(new RedisSessionEndedException("cut"));
            }
            connection = new Connection(this, master, channels, heartbeat, listener);
            open.add(connection);
            return Uni.createFrom().item(connection);
        }

        void cut() {
            cut = true;
            loseConnection();
        }

        void mend() {
            cut = false;
            replies = Replies.ARRIVE;
            delay = 0;
        }

        void loseConnection() {
            if (connection != null && open.remove(connection)) {
                connection.listener.lost(new RedisSessionEndedException("the connection is closed"));
            }
        }

        void replies(Replies next) {
            replies = next;
        }

        void delay(long millis) {
            delay = millis;
        }

        /** Whether it is connected to the server that others reach, and has every message. */
        boolean isUpToDate() {
            return connection != null && open.contains(connection) && connection.server == master && undelivered == 0;
        }
    }

    Way way() {
        return new Way();
    }

    private final class Connection implements RedisCommands {

        private final Way way;
        private final String replicationId;
        private final Set<String> channels;
        private final String heartbeat;
        private final Listener listener;
        private Server server;
        private long lastDue;

        Connection(Way way, Server server, List<String> channels, String heartbeat, Listener listener) {
            this.way = way;
            this.server = server;
            this.replicationId = server.replicationId;
            this.channels = new HashSet<>(channels);
            this.channels.add(heartbeat);
            this.heartbeat = heartbeat;
            this.listener = listener;
        }

        @Override
        public String replicationId() {
            return replicationId;
        }

        @Override
        public Uni<Lookup> lookup(String entry, List<String> epochs, String newEpoch) {
            return reply(() -> {
                long end = now() + VertxRedisCommands.LONGER_THAN_ANY_LOAD.toMillis();
                for (String key : epochs) {
                    if (get(key).isEmpty()) {
                        if (full) {
                            throw new RedisSessionEndedException("OOM");
                        }
                        server.write(key, new Value(newEpoch.getBytes(StandardCharsets.US_ASCII), end));
                    }
                }
                return new Lookup(server.replicationId, clock.read() / 1000, epoch(epochs), get(entry));
            });
        }

        @Override
        public Uni<Stored> store(String entry, List<String> epochs, String epoch, byte[] value, long expiresAt) {
            return reply(() -> {
                if (full) {
                    return Stored.FULL;
                }
                boolean newer = get(entry)
                        .filter(other ->
                                Arrays.compare(other, 0, EncryptedEntryCodec.TIME, value, 0, EncryptedEntryCodec.TIME)
                                        > 0)
                        .isPresent();
                if (!epoch(epochs).equals(epoch) || newer || expiresAt / 1000 <= now()) {
                    return Stored.OUTDATED;
                }
                server.write(entry, new Value(value, expiresAt / 1000));
                long end = expiresAt / 1000 + VertxRedisCommands.LONGER_THAN_ANY_LOAD.toMillis();
                epochs.forEach(key -> server.write(key, new Value(get(key).orElseThrow(), end)));
                return Stored.STORED;
            });
        }

        @Override
        public Uni<Void> remove(String entry, byte[] beginning) {
            return reply(() -> {
                get(entry)
                        .filter(value -> Arrays.equals(value, 0, beginning.length, beginning, 0, beginning.length))
                        .ifPresent(value -> server.write(entry, null));
                return null;
            });
        }

        @Override
        public Uni<Void> invalidate(List<String> keys, List<Message> messages) {
            return reply(() -> {
                keys.forEach(key -> server.write(key, null));
                messages.forEach(message -> publish(message.channel(), message.content()));
                return null;
            });
        }

        @Override
        public Uni<Void> deleteAll(String prefix) {
            return reply(() -> {
                Set.copyOf(server.data.keySet()).forEach(key -> server.write(key, null));
                return null;
            });
        }

        @Override
        public Uni<String> heartbeat() {
            return reply(() -> {
                publish(heartbeat, new byte[0]);
                return server.replicationId;
            });
        }

        @Override
        public void close() {
            open.remove(this);
        }

        private <T> Uni<T> reply(Supplier<T> command) {
            return Uni.createFrom().deferred(() -> {
                if (!open.contains(this)) {
                    return Uni.createFrom().failure(new RedisSessionEndedException("the connection is closed"));
                }
                if (way.replies == Replies.COMMAND_LOST) {
                    return Uni.createFrom().failure(new TimeoutException());
                }
                T result = command.get();
                return way.replies == Replies.LOST
                        ? Uni.createFrom().failure(new TimeoutException())
                        : Uni.createFrom().item(result);
            });
        }

        private void publish(String channel, byte[] content) {
            for (Connection each : List.copyOf(open)) {
                if (each.server == server && each.channels.contains(channel)) {
                    each.deliver(channel, content);
                }
            }
        }

        /** In order, and not after the connection is lost. */
        private void deliver(String channel, byte[] content) {
            long due = Math.max(lastDue, clock.read() + TimeUnit.MILLISECONDS.toNanos(way.delay));
            lastDue = due;
            if (due == clock.read()) {
                listener.message(channel, content);
                return;
            }
            way.undelivered++;
            clock.timer()
                    .schedule(
                            () -> {
                                way.undelivered--;
                                if (open.contains(this)) {
                                    listener.message(channel, content);
                                }
                            },
                            due - clock.read(),
                            TimeUnit.NANOSECONDS);
        }

        private Optional<byte[]> get(String key) {
            Value value = server.data.get(key);
            return value == null || value.expiresAt <= now() ? Optional.empty() : Optional.of(value.content);
        }

        private String epoch(List<String> keys) {
            StringBuilder epochs = new StringBuilder();
            keys.forEach(key -> epochs.append(get(key).map(epoch -> new String(epoch, StandardCharsets.US_ASCII))
                    .orElse("missing")));
            return epochs.toString();
        }

        private long now() {
            return TimeUnit.NANOSECONDS.toMillis(clock.read());
        }
    }
}
