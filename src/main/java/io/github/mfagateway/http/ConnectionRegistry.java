package io.github.mfagateway.http;

import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** All connections of callers, and the bytes of requests that are not complete. Bounds both. */
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

    /** To be called for each new connection: closes the one that is idle for the longest time if there are too many. */
    void makeRoom() {
        if (connections.size() >= closeIdleFrom) {
            connections.stream()
                    .min(Comparator.comparingLong(RequestGate::idleSince))
                    // removed at once, so that the next new connection closes another one
                    .filter(connections::remove)
                    .ifPresent(RequestGate::closeIfIdle);
        }
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
