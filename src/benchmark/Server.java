import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/**
 * One of the compared.
 *
 * @param onTmpfs where its cache is, or null
 * @param firstAnswer seconds from exec to the first 200
 */
record Server(String name, int port, Path onTmpfs, Process process, double firstAnswer) {

    /** @param command words; what the environment has of the gateway's settings goes over these */
    static Server gateway(String name, String command, int genauth) throws IOException {
        int port = freePort();
        ProcessBuilder builder = new ProcessBuilder(command.split(" "));
        Map.of(
                        "GENAUTH_URL", "http://127.0.0.1:" + genauth,
                        "GENAUTH_APP_ID", "app",
                        "GENAUTH_ALLOW_HTTP", "true",
                        "QUARKUS_HTTP_PORT", "" + port,
                        "QUARKUS_MANAGEMENT_PORT", "0",
                        "QUARKUS_VERTX_EVENT_LOOPS_POOL_SIZE", "1",
                        // all tokens and all JWTs, and no more than the executable's heap holds twice
                        "MFA_CACHE_MAX_BYTES", "20M",
                        // a hit is to be a hit throughout
                        "MFA_CACHE_FRESH", "1h")
                .forEach(builder.environment()::putIfAbsent);
        return start(name, port, null, builder);
    }

    static Server start(String name, int port, Path onTmpfs, ProcessBuilder builder) throws IOException {
        Path log = Files.createTempFile("comparison", ".log");
        long exec = System.nanoTime();
        Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        while (!answers(port)) {
            if (!process.isAlive() || System.nanoTime() - exec > 60e9) {
                process.destroyForcibly();
                throw new IllegalStateException(name + " did not start: " + Files.readString(log));
            }
            LockSupport.parkNanos(1_000_000);
        }
        double firstAnswer = (System.nanoTime() - exec) / 1e9;
        Files.delete(log);
        return new Server(name, port, onTmpfs, process, firstAnswer);
    }

    private static boolean answers(int port) {
        try {
            return Answer.to(port, "first", null).status() == 200;
        } catch (IOException | IllegalStateException notYet) {
            return false;
        }
    }

    /** User and system time of all its processes, in microseconds. */
    double cpu() {
        return processes().mapToDouble(Server::cpu).sum();
    }

    private static double cpu(long pid) {
        String stat = read(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        // clock ticks, of which Linux has 100 a second
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 10_000.0;
    }

    /** Its processes' memory, what they share counted once, and its files on tmpfs, in bytes. */
    double memory() throws IOException {
        double memory = processes()
                .mapToDouble(pid -> Text.number(read(Path.of("/proc/" + pid + "/smaps_rollup")), "Pss: +(\\d+) kB") * 1024)
                .sum();
        if (onTmpfs == null) {
            return memory;
        }
        try (var files = Files.walk(onTmpfs)) {
            // each is a page
            return memory + 4096.0 * files.filter(Files::isRegularFile).count();
        }
    }

    private LongStream processes() {
        return LongStream.concat(
                LongStream.of(process.pid()), process.descendants().mapToLong(ProcessHandle::pid));
    }

    void stop() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException inAHurry) {
            process.destroyForcibly();
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, Answer.LOOPBACK)) {
            return socket.getLocalPort();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
