package io.github.mfagateway.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;

/** A healthy GenAuth on two loopback addresses with one port; a hosts file says which of them is {@code genauth.test}. */
public final class MovingGenAuth implements AutoCloseable {

    public static final String FIRST = "127.0.0.1";
    public static final String SECOND = "127.0.0.2";

    private final Vertx vertx = Vertx.vertx();
    private final Map<String, AtomicInteger> connections = new ConcurrentHashMap<>();
    private final Path hosts;
    private final int port;

    public MovingGenAuth() throws IOException {
        port = listen(FIRST, 0);
        listen(SECOND, port);
        hosts = Files.createTempFile("hosts", "");
        resolveTo(FIRST);
    }

    public Map<String, String> settings() {
        return Map.of(
                "genauth.url", "http://genauth.test:" + port, "genauth.app-id", "app", "genauth.allow-http", "true");
    }

    /** Makes a gateway look into the hosts file for each connection; an executable still caches it for 30 s. */
    public List<String> options() {
        return List.of("-Djdk.net.hosts.file=" + hosts, "-Dsun.net.inetaddr.ttl=0");
    }

    /** From now on the host name stands for the second address. */
    public void move() throws IOException {
        resolveTo(SECOND);
    }

    /** Connections that this address has accepted. */
    public int connections(String address) {
        return connections.get(address).get();
    }

    private int listen(String address, int port) {
        AtomicInteger accepted = new AtomicInteger();
        connections.put(address, accepted);
        HttpServer server = vertx.createHttpServer()
                .connectionHandler(connection -> accepted.incrementAndGet())
                .requestHandler(request -> request.response().end(GenAuthStub.FOUR_TYPES));
        return server.listen(port, address)
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
    }

    /** At once, since the gateway may read it at any time. */
    private void resolveTo(String address) throws IOException {
        Path next = Files.createTempFile("hosts", "");
        Files.writeString(next, address + " genauth.test\n");
        Files.move(next, hosts, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        try {
            Files.deleteIfExists(hosts);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
