package io.github.mfagateway.support;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A {@code redis-server} of its own on a loopback port. Without one on the PATH the test is skipped, and says so; in CI it fails. */
public final class RedisServer implements AutoCloseable {

    private static final String MISSING = "redis-server is not on the PATH (Debian: apt-get install redis-server)";

    private final Path folder;
    private final int port;
    private final List<String> options;
    private Process process;

    private RedisServer(Path folder, int port, List<String> options) {
        this.folder = folder;
        this.port = port;
        this.options = options;
    }

    /** @param options as on the command line, such as {@code --maxmemory 4mb} */
    public static RedisServer start(String... options) throws IOException, InterruptedException {
        return on(freePort(), options);
    }

    /** A sentinel that watches a server under the name {@code gateway}, and takes it for down after a second. */
    public static RedisServer sentinel(RedisServer master) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("sentinel");
        Path file = Files.writeString(folder.resolve("sentinel.conf"), """
                sentinel monitor gateway 127.0.0.1 %d 1
                sentinel down-after-milliseconds gateway 1000
                sentinel failover-timeout gateway 5000
                """.formatted(master.port));
        RedisServer sentinel = new RedisServer(folder, freePort(), List.of(file.toString(), "--sentinel"));
        sentinel.run();
        return sentinel;
    }

    /** With TLS and a password, and nothing else. */
    public static RedisServer tls(Path authority, Path certificate, Path key, String password)
            throws IOException, InterruptedException {
        int port = freePort();
        return on(
                port,
                "--port",
                "0",
                "--tls-port",
                String.valueOf(port),
                "--tls-ca-cert-file",
                authority.toString(),
                "--tls-cert-file",
                certificate.toString(),
                "--tls-key-file",
                key.toString(),
                "--tls-auth-clients",
                "no",
                "--requirepass",
                password);
    }

    /** Below the kernel's ephemeral ports, so that it is still free after Redis was killed. */
    private static int freePort() throws IOException {
        for (int tries = 0; tries < 100; tries++) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (BindException taken) {
                // another one
            }
        }
        throw new IOException("no free port between 20000 and 32000");
    }

    private static RedisServer on(int port, String... options) throws IOException, InterruptedException {
        RedisServer server = new RedisServer(Files.createTempDirectory("redis"), port, List.of(options));
        server.run();
        return server;
    }

    /** Starts it again, after it was killed. */
    public void run() throws IOException, InterruptedException {
        boolean isSentinel = options.contains("--sentinel");
        List<String> command = new ArrayList<>(List.of(isSentinel ? "redis-sentinel" : "redis-server"));
        if (isSentinel) {
            command.addAll(options);
        }
        if (!options.contains("--port")) {
            command.addAll(List.of("--port", String.valueOf(port)));
        }
        command.addAll(List.of("--bind", "127.0.0.1", "--dir", folder.toString()));
        if (!isSentinel) {
            command.addAll(List.of("--save", ""));
            command.addAll(options);
        }
        try {
            Files.deleteIfExists(folder.resolve("log"));
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
        } catch (IOException notThere) {
            System.err.println(MISSING);
            if (System.getenv("CI") != null) {
                throw new AssertionError(MISSING);
            }
            abort(MISSING);
        }
        try {
            Until.until("Redis listens", this::listens);
        } catch (AssertionError itDoesNot) {
            kill();
            throw itDoesNot;
        }
    }

    private boolean listens() {
        if (!process.isAlive()) {
            throw new AssertionError("redis-server ended: " + log());
        }
        return log().contains("Ready to accept connections") || log().contains("+monitor master gateway");
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException notYet) {
            return "";
        }
    }

    public boolean hasLogged(String text) {
        return log().contains(text);
    }

    public int port() {
        return port;
    }

    public String url() {
        return (options.contains("--tls-port") ? "rediss" : "redis") + "://127.0.0.1:" + port;
    }

    /** SIGSTOP: connections are accepted, without a reply. */
    public void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    public void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .start()
                .waitFor(5, TimeUnit.SECONDS);
    }

    /** Sends an inline command (no spaces within its arguments) and gives the raw reply. */
    public String command(String command) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5000);
            socket.getOutputStream().write((command + "\r\nQUIT\r\n").getBytes(StandardCharsets.ISO_8859_1));
            String reply = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return reply.substring(0, reply.length() - "+OK\r\n".length());
        }
    }

    @Override
    public void close() throws IOException {
        kill();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
