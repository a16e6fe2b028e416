package io.github.mfagateway.http;

import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import io.netty.channel.Channel;

/** Bounds the connections of one server and the bytes of their requests. */
final class ConnectionRegistry {

    private final Set<ConnectionHandler> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong reservedBytes = new AtomicLong();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder evicted = new LongAdder();
    private final int maxConnections;
    private final int evictFrom;
    private final long maxBytes;

    /**
     * @param maxConnections above which new ones are closed; includes those in a TLS handshake
     * @param maxBytes of all requests together
     */
    ConnectionRegistry(int maxConnections, long maxBytes) {
        this.maxConnections = maxConnections;
        // a tenth is reserved for connections that are being closed
        this.evictFrom = Math.max(1, maxConnections - maxConnections / 10);
        this.maxBytes = maxBytes;
    }

    /**
     * Registers a new connection, and evicts another one if there are too many.
     *
     * @return false if the new connection exceeds the bound
     */
    boolean accept(Channel connection) {
        int others = open.get();
        if (others >= evictFrom) {
            evictOne();
        }
        if (others >= maxConnections) {
            rejected.increment();
            return false;
        }
        open.incrementAndGet();
        connection.closeFuture().addListener(closed -> open.decrementAndGet());
        return true;
    }

    private void evictOne() {
        long now = System.nanoTime();
        connections.stream()
                .max(Comparator.comparingLong(connection -> connection.evictionOrder(now)))
                .filter(connection -> connection.evictionOrder(now) >= 0)
                // removed first, so that the next new connection evicts another one
                .filter(connections::remove)
                .ifPresent(connection -> {
                    evicted.increment();
                    connection.evict();
                });
    }

    /** New connections that were closed at the bound. */
    long rejected() {
        return rejected.sum();
    }

    /** Connections that were chosen to make room for a new one; one that has received a request meanwhile stays. */
    long evicted() {
        return evicted.sum();
    }

    void add(ConnectionHandler connection) {
        connections.add(connection);
    }

    void remove(ConnectionHandler connection) {
        connections.remove(connection);
    }

    boolean reserve(int bytes) {
        if (reservedBytes.addAndGet(bytes) > maxBytes) {
            reservedBytes.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void release(int bytes) {
        reservedBytes.addAndGet(-bytes);
    }
}
