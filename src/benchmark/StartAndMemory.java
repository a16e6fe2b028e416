import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.sun.net.httpserver.HttpServer;

/**
 * How fast the packaged gateway starts and what it keeps resident, the jar, the native executable when there is one, and what
 * else is named:
 *
 * <pre>java src/benchmark/StartAndMemory.java [name=command…]</pre>
 *
 * Started: as Quarkus prints it. First answer: from exec to the first 200 for a token. At rest: resident 3 s later. After
 * callers: resident after 3,000 distinct tokens, 8 at a time. Medians of five runs.
 */
class StartAndMemory {

    private static final Pattern STARTED = Pattern.compile("started in ([0-9.]+)s");
    private static final String ANSWER =
            "{\"statusCode\":200,\"data\":[{\"factorType\":\"OTP\"},{\"factorType\":\"SMS\"},{\"factorType\":\"EMAIL\"},{\"factorType\":\"FACE\"}]}";

    public static void main(String[] args) throws Exception {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        HttpServer genauth = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        genauth.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, ANSWER.length());
            exchange.getResponseBody().write(ANSWER.getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        });
        genauth.setExecutor(Executors.newFixedThreadPool(8));
        genauth.start();

        System.out.printf("%-8s %14s %17s %13s %20s%n", "", "started, s", "first answer, s", "at rest, MiB", "after callers, MiB");
        Path jar = Path.of("target/quarkus-app/quarkus-run.jar");
        if (Files.exists(jar)) {
            measure("jar", List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m", "-XX:+UseSerialGC", "-jar", jar.toString()), genauth);
        }
        try (var files = Files.list(Path.of("target"))) {
            for (Path executable : files.filter(file -> file.toString().endsWith("-runner")).toList()) {
                measure("native", List.of(executable.toAbsolutePath().toString(), "-Xmx64m"), genauth);
            }
        }
        for (String other : args) {
            int end = other.indexOf('=');
            measure(other.substring(0, end), List.of(other.substring(end + 1).split(" ")), genauth);
        }
        System.exit(0);
    }

    private static void measure(String name, List<String> command, HttpServer genauth) throws Exception {
        List<double[]> runs = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            runs.add(run(command, genauth.getAddress().getPort()));
        }
        System.out.printf("%-8s %14.3f %17.3f %13.1f %20.1f%n", name, median(runs, 0), median(runs, 1), median(runs, 2), median(runs, 3));
    }

    private static double[] run(List<String> command, int genauthPort) throws Exception {
        int port = freePort();
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(Map.of(
                "GENAUTH_URL", "http://127.0.0.1:" + genauthPort, "GENAUTH_APP_ID", "app", "GENAUTH_ALLOW_HTTP", "true",
                "QUARKUS_HTTP_PORT", "" + port, "QUARKUS_MANAGEMENT_PORT", "0"));
        long exec = System.nanoTime();
        Process gateway = builder.start();
        try {
            CompletableFuture<Double> started = CompletableFuture.supplyAsync(() -> started(gateway));
            while (!answers(port)) {
                if (!gateway.isAlive() || System.nanoTime() - exec > 60e9) {
                    throw new IllegalStateException("it did not start: " + String.join(" ", command));
                }
                LockSupport.parkNanos(1_000_000);
            }
            double firstAnswer = (System.nanoTime() - exec) / 1e9;
            LockSupport.parkNanos(3_000_000_000L);
            double atRest = resident(gateway);
            callers(port);
            return new double[] {started.get(), firstAnswer, atRest, resident(gateway)};
        } finally {
            gateway.destroyForcibly().waitFor();
        }
    }

    private static double started(Process gateway) {
        try (BufferedReader log = new BufferedReader(new InputStreamReader(gateway.getInputStream()))) {
            for (String line = log.readLine(); line != null; line = log.readLine()) {
                Matcher started = STARTED.matcher(line);
                if (started.find()) {
                    return Double.parseDouble(started.group(1));
                }
            }
        } catch (IOException ended) {
            // told below
        }
        throw new IllegalStateException("it did not start");
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            // what takes the connection may be its last owner
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write("GET /mfa/factors/enrollable HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer first\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII).equals("HTTP/1.1 200");
        } catch (IOException notYet) {
            return false;
        }
    }

    private static void callers(int port) throws Exception {
        HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        var threads = Executors.newFixedThreadPool(8);
        List<CompletableFuture<Void>> asking = new ArrayList<>();
        for (int caller = 0; caller < 3000; caller++) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/mfa/factors/enrollable"))
                    .header("Authorization", "Bearer " + "x".repeat(700) + caller)
                    .build();
            asking.add(CompletableFuture.runAsync(() -> {
                try {
                    int status = http.send(request, BodyHandlers.ofString()).statusCode();
                    if (status != 200) {
                        throw new IllegalStateException("status " + status);
                    }
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }, threads));
        }
        asking.forEach(CompletableFuture::join);
        threads.shutdown();
    }

    private static double resident(Process process) throws IOException {
        Matcher resident = Pattern.compile("VmRSS:\\s+(\\d+) kB").matcher(Files.readString(Path.of("/proc/" + process.pid() + "/status")));
        resident.find();
        return Double.parseDouble(resident.group(1)) / 1024;
    }

    private static int freePort() throws IOException {
        try (var socket = new java.net.ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static double median(List<double[]> runs, int figure) {
        return runs.stream().mapToDouble(run -> run[figure]).sorted().toArray()[runs.size() / 2];
    }
}
