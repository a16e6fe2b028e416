package io.github.mfagateway.support;

import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;

/** A way to a server on a loopback port that can be cut, slow, or change bytes of what the server says. */
public final class FaultyWire implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final Set<NetSocket> open = ConcurrentHashMap.newKeySet();
    private final Random random = new Random(42);
    private volatile int target;
    private final int port;

    private volatile boolean cut;
    private volatile boolean garbling;
    private volatile long delay;

    public FaultyWire(int target) {
        this.target = target;
        NetServer server = vertx.createNetServer().connectHandler(this::connect);
        port = server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
    }

    public int port() {
        return port;
    }

    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** New connections go to another server; open ones stay. */
    public void redirect(int other) {
        target = other;
    }

    /** Ends every connection; new ones are taken. */
    public void closeConnections() {
        open.forEach(NetSocket::close);
    }

    /** Ends every connection, and every new one at once. */
    public void cut() {
        cut = true;
        open.forEach(NetSocket::close);
    }

    public void mend() {
        cut = false;
        garbling = false;
        delay = 0;
    }

    /** One byte in a hundred is another one. */
    public void garble() {
        garbling = true;
    }

    public void slow(long millis) {
        delay = millis;
    }

    private void connect(NetSocket caller) {
        if (cut) {
            caller.close();
            return;
        }
        open.add(caller);
        caller.pause();
        vertx.createNetClient()
                .connect(target, "127.0.0.1")
                .onFailure(refused -> caller.close())
                .onSuccess(server -> {
                    open.add(server);
                    caller.handler(server::write);
                    AtomicLong lastDue = new AtomicLong();
                    server.handler(said -> pass(said, caller, lastDue));
                    caller.closeHandler(closed -> end(caller, server));
                    server.closeHandler(closed -> end(server, caller));
                    caller.resume();
                });
    }

    /** Never before what was said earlier. */
    private void pass(Buffer said, NetSocket caller, AtomicLong lastDue) {
        Buffer heard = garbling ? garbled(said) : said;
        long now = System.nanoTime();
        long due = Math.max(lastDue.get(), now + TimeUnit.MILLISECONDS.toNanos(delay));
        lastDue.set(due);
        if (due > now) {
            vertx.setTimer(1 + TimeUnit.NANOSECONDS.toMillis(due - now), passed -> caller.write(heard));
        } else {
            caller.write(heard);
        }
    }

    private Buffer garbled(Buffer said) {
        Buffer other = said.copy();
        for (int i = 0; i < other.length(); i++) {
            if (random.nextInt(100) == 0) {
                other.setByte(i, (byte) random.nextInt(256));
            }
        }
        return other;
    }

    private void end(NetSocket ended, NetSocket other) {
        open.remove(ended);
        other.close();
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
