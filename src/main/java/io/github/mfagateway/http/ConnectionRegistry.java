package io.github.mfagateway.http;

import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

/** All connections of one server, and the bytes of its incomplete requests. Bounds both. */
final class ConnectionRegistry {

    private final Set<RequestGate> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong reservedBytes = new AtomicLong();
    private final int closeIdleFrom;
    private final long maxBytes;

    /**
     * @param maxConnections where Quarkus closes new ones
     * @param maxBytes of requests that are not complete, in all
     */
    ConnectionRegistry(int maxConnections, long maxBytes) {
        // a tenth is left for those that are being closed
        this.closeIdleFrom = Math.max(1, maxConnections - maxConnections / 10);
        this.maxBytes = maxBytes;
    }

    void add(RequestGate connection) {
        connections.add(connection);
    }

    void remove(RequestGate connection) {
        connections.remove(connection);
    }

    /** Called for each new connection: closes the one that is idle for the longest time, or else incomplete, if there are too many. */
    void makeRoom() {
        if (connections.size() < closeIdleFrom) {
            return;
        }
        long now = System.nanoTime();
        Optional<RequestGate> idle = longest(connection -> connection.idleFor(now));
        if (idle.isPresent()) {
            idle.filter(connections::remove).ifPresent(RequestGate::closeIfIdle);
        } else {
            longest(connection -> connection.incompleteFor(now))
                    .filter(connections::remove)
                    .ifPresent(RequestGate::rejectIfIncomplete);
        }
    }

    // removed from the registry before it is closed, so that the next new connection closes another one

    private Optional<RequestGate> longest(ToLongFunction<RequestGate> nanos) {
        return connections.stream()
                .filter(connection -> nanos.applyAsLong(connection) >= 0)
                .max(Comparator.comparingLong(nanos));
    }

    boolean reserve(int bytes) {
        if (bytes > 0 && reservedBytes.addAndGet(bytes) > maxBytes) {
            reservedBytes.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void release(int bytes) {
        if (bytes > 0) {
            reservedBytes.addAndGet(-bytes);
        }
    }
}
