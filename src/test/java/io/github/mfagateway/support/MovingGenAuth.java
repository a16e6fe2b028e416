package io.github.mfagateway.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;

/** A healthy GenAuth on two loopback addresses with one port, whose host name stands in a file. */
public class MovingGenAuth implements QuarkusTestResourceLifecycleManager {

    public static final String FIRST = "127.0.0.1";
    public static final String SECOND = "127.0.0.2";

    private static final Map<String, AtomicInteger> CONNECTIONS = new ConcurrentHashMap<>();

    private static volatile Path hosts;

    private Vertx vertx;

    @Override
    public Map<String, String> start() {
        vertx = Vertx.vertx();
        CONNECTIONS.clear();
        int port = listen(FIRST, 0);
        listen(SECOND, port);
        try {
            hosts = Files.createTempFile("hosts", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        resolveTo(FIRST);
        return Map.of(
                "genauth.url", "http://genauth.test:" + port,
                "genauth.app-id", "app",
                "genauth.allow-http", "true",
                "quarkus.vertx.use-async-dns", "true",
                "quarkus.vertx.resolver.hosts-path", hosts.toString(),
                "quarkus.vertx.resolver.host-refresh-period", "100");
    }

    @Override
    public void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        try {
            Files.deleteIfExists(hosts);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on the host name stands for the second address. */
    public static void move() {
        resolveTo(SECOND);
    }

    /** Connections that this address has accepted. */
    public static int connections(String address) {
        return CONNECTIONS.get(address).get();
    }

    private int listen(String address, int port) {
        AtomicInteger connections = new AtomicInteger();
        CONNECTIONS.put(address, connections);
        HttpServer server = vertx.createHttpServer()
                .connectionHandler(connection -> connections.incrementAndGet())
                .requestHandler(request -> request.response().end(GenAuthStub.FOUR_TYPES));
        return server.listen(port, address)
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
    }

    private static void resolveTo(String address) {
        try {
            Files.writeString(hosts, address + " genauth.test\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
