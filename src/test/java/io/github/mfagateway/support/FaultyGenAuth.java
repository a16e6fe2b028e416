package io.github.mfagateway.support;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

import io.micrometer.core.instrument.Metrics;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

/** A GenAuth below HTTP: what it does with a token's connection is up to the test, byte by byte. */
public class FaultyGenAuth implements QuarkusTestResourceLifecycleManager {

    /** What is done with a connection once the request's head has come. */
    public interface Behaviour {
        void on(Socket socket) throws IOException, InterruptedException;

        default void on(Socket socket, String token) throws IOException, InterruptedException {
            on(socket);
        }
    }

    /** Responds with the token itself as the only factor, so that a mix-up shows. */
    public static final Behaviour MIRROR = new Behaviour() {
        @Override
        public void on(Socket socket) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void on(Socket socket, String token) throws IOException {
            write(socket, http(200, "{\"statusCode\":200,\"data\":[{\"factorType\":\"%s\"}]}".formatted(token)));
        }
    };

    public static final Behaviour HEALTHY = socket -> write(socket, http(200, GenAuthStub.FOUR_TYPES));
    public static final Behaviour SILENT = FaultyGenAuth::untilClosed;
    public static final Behaviour RESET_BEFORE_HEAD = FaultyGenAuth::reset;
    public static final Behaviour RESET_IN_BODY = socket -> {
        write(socket, http(200, GenAuthStub.FOUR_TYPES).substring(0, 80));
        reset(socket);
    };
    public static final Behaviour CLOSE_IN_BODY = socket -> {
        write(socket, http(200, GenAuthStub.FOUR_TYPES).substring(0, 80));
        socket.close();
    };
    public static final Behaviour DRIBBLE = socket -> {
        write(socket, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n");
        while (true) {
            write(socket, " ");
            pause(20);
        }
    };
    public static final Behaviour DRIBBLE_HEAD = socket -> {
        write(socket, "HTTP/1.1 200 OK\r\nX-Slow: ");
        while (true) {
            write(socket, "x");
            pause(20);
        }
    };
    public static final Behaviour ENDLESS = socket -> {
        write(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        while (true) {
            write(socket, "1000\r\n" + " ".repeat(4096) + "\r\n");
        }
    };
    public static final Behaviour ENDLESS_HEAD = socket -> {
        write(socket, "HTTP/1.1 200 OK\r\nX-Long: ");
        while (true) {
            write(socket, "x".repeat(4096));
        }
    };
    public static final Behaviour GARBAGE = socket -> {
        write(socket, "\u0001\u0002\u0003 this is not HTTP\r\n\r\n");
        socket.close();
    };
    public static final Behaviour REDIRECT = socket -> write(
            socket,
            "HTTP/1.1 302 CacheResult\r\nLocation: http://127.0.0.1:" + socket.getLocalPort()
                    + "/elsewhere\r\nContent-Length: 0\r\n\r\n");
    public static final Behaviour GZIP_BOMB = socket -> {
        byte[] bomb = gzip(new byte[50_000_000]);
        write(
                socket,
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: "
                        + bomb.length + "\r\n\r\n");
        socket.getOutputStream().write(bomb);
    };

    private static final Pattern BEARER = Pattern.compile("(?i)Authorization: Bearer (\\S+)");
    private static final Map<String, Behaviour> BEHAVIOURS = new ConcurrentHashMap<>();
    private static final Map<String, AtomicInteger> ASKED = new ConcurrentHashMap<>();
    private static final AtomicInteger OPEN = new AtomicInteger();
    private static final Set<Socket> SOCKETS = ConcurrentHashMap.newKeySet();
    private static final Map<Socket, String> LAST_TOKENS = new ConcurrentHashMap<>();

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private static volatile FaultyGenAuth running;
    private static volatile Behaviour everybody = HEALTHY;
    private static volatile Behaviour handshake = SILENT;

    private boolean https;
    private ServerSocket server;

    @Override
    public void init(Map<String, String> initArgs) {
        https = "https".equals(initArgs.get("scheme"));
    }

    @Override
    public Map<String, String> start() {
        // the gauges of an application that ran before in this JVM would stand in for this one's
        Metrics.globalRegistry.clear();
        listen(0);
        running = this;
        everybody = HEALTHY;
        handshake = SILENT;
        return Map.of(
                "genauth.url", (https ? "https" : "http") + "://127.0.0.1:" + server.getLocalPort(),
                "genauth.app-id", "app",
                "genauth.allow-http", "true");
    }

    @Override
    public void stop() {
        closeServer();
        threads.shutdownNow();
    }

    private void listen(int port) {
        try {
            server = new ServerSocket();
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ServerSocket accepting = server;
        threads.submit(() -> accept(accepting));
    }

    private void closeServer() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is done with tokens that have no behaviour of their own. */
    public static void everybody(Behaviour behaviour) {
        everybody = behaviour;
    }

    /** What is done with a connection on which TLS is expected. */
    public static void handshake(Behaviour behaviour) {
        handshake = behaviour;
    }

    /** No socket listens while {@code meanwhile} runs. */
    public static void refuseConnections(Runnable meanwhile) {
        int port = running.server.getLocalPort();
        running.closeServer();
        try {
            meanwhile.run();
        } finally {
            running.listen(port);
        }
    }

    public static void behave(String token, Behaviour behaviour) {
        BEHAVIOURS.put(token, behaviour);
    }

    /** Requests that came with this token. */
    public static int requests(String token) {
        return ASKED.getOrDefault(token, new AtomicInteger()).get();
    }

    /** Ends all connections, those too that other tests of the same gateway left in its pool. */
    public static void closeAll() {
        SOCKETS.forEach(socket -> {
            try {
                socket.close();
            } catch (IOException gone) {
                // that is what it is to be
            }
        });
    }

    /** Connections open now. */
    public static int open() {
        return OPEN.get();
    }

    /** Those whose last request had this token. */
    public static long open(String token) {
        return LAST_TOKENS.values().stream().filter(token::equals).count();
    }

    public static String http(int status, String body) {
        return "HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(status, body.getBytes(StandardCharsets.UTF_8).length, body);
    }

    public static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private Void accept(ServerSocket server) throws IOException {
        while (true) {
            Socket socket = server.accept();
            OPEN.incrementAndGet();
            SOCKETS.add(socket);
            threads.submit(() -> {
                try (socket) {
                    serve(socket);
                } finally {
                    OPEN.decrementAndGet();
                    LAST_TOKENS.remove(socket);
                    SOCKETS.remove(socket);
                }
                return null;
            });
        }
    }

    private void serve(Socket socket) throws IOException, InterruptedException {
        if (https) {
            handshake.on(socket);
            return;
        }
        for (String head = head(socket); head != null; head = head(socket)) {
            Matcher bearer = BEARER.matcher(head);
            String token = bearer.find() ? bearer.group(1) : "";
            LAST_TOKENS.put(socket, token);
            ASKED.computeIfAbsent(token, any -> new AtomicInteger()).incrementAndGet();
            BEHAVIOURS.getOrDefault(token, everybody).on(socket, token);
        }
    }

    private static String head(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            head.write(next);
            if (next == '\n' && head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
                return head.toString(StandardCharsets.US_ASCII);
            }
        }
        return null;
    }

    private static void untilClosed(Socket socket) throws IOException {
        while (socket.getInputStream().read() >= 0) {
            // whatever comes
        }
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private static void pause(int millis) {
        LockSupport.parkNanos(millis * 1_000_000L);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }
}
