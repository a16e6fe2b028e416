import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** All that are compared, up at once in front of one stand-in for GenAuth, until the end. */
final class LineUp {

    private static final Set<PosixFilePermission> READABLE = PosixFilePermissions.fromString("rwxr-xr-x");

    static final String IDIOMATIC = "idiomatic";

    final GenAuth genauth = new GenAuth();
    final List<Server> servers = new ArrayList<>();
    final Path room;
    private int bareProxy;

    LineUp() throws IOException {
        Stream.of("nginx", "varnishd", "wrk").forEach(LineUp::need);
        // tmpfs, because caches are compared in memory
        room = Files.createTempDirectory(Path.of("/dev/shm"), "comparison");
        // Varnish and nginx' worker are other users
        Files.setPosixFilePermissions(room, READABLE);
        // however this ends
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop));
    }

    LineUp withNginx() throws IOException {
        int port = Server.freePort();
        bareProxy = Server.freePort();
        Path prefix = Files.createDirectory(room.resolve("nginx"), PosixFilePermissions.asFileAttribute(READABLE));
        Path conf = fill("nginx.conf", Map.of("genauth", genauth.port(), "port", port, "bare", bareProxy));
        servers.add(Server.start(
                "nginx", port, prefix, new ProcessBuilder("nginx", "-p", prefix.toString(), "-c", conf.toString())));
        return this;
    }

    /** The same nginx where it remembers nothing. */
    Server bareProxy() {
        return new Server("nginx, bare proxy", bareProxy, null, servers.get(0).process(), 0);
    }

    LineUp withVarnish() throws IOException {
        int port = Server.freePort();
        Path vcl = fill("varnish.vcl", Map.of("genauth", genauth.port()));
        servers.add(Server.start(
                "Varnish",
                port,
                null,
                new ProcessBuilder(
                        "varnishd", "-F", "-n", room.resolve("varnish").toString(), "-a", "127.0.0.1:" + port,
                        "-f", vcl.toString(), "-s", "malloc,256m", "-p", "thread_pools=1")));
        return this;
    }

    /** What was packaged, and {@code name=command…}. */
    LineUp withGateways(List<String> others) throws IOException {
        Map<String, String> gateways = new LinkedHashMap<>();
        Path jar = Path.of("target/quarkus-app/quarkus-run.jar");
        if (Files.exists(jar)) {
            // the image's heap, and the collector that a JVM chooses in a pod
            gateways.put("jar", "java -Xmx192m -XX:+UseSerialGC -jar " + jar);
        }
        try (var files = Files.list(Path.of("target"))) {
            files.filter(file -> file.toString().endsWith("-runner"))
                    .forEach(executable -> gateways.put("native", executable.toAbsolutePath() + " -Xmx64m"));
        }
        for (var gateway : gateways.entrySet()) {
            with(gateway.getKey() + "=" + gateway.getValue());
        }
        for (String other : others) {
            with(other);
        }
        return this;
    }

    /** What a team would write with annotations: {@code src/benchmark/idiomatic}, which {@code run} builds. */
    LineUp withIdiomatic() throws IOException {
        Path target = Path.of("src/benchmark/idiomatic/target");
        with(IDIOMATIC + " jar=java -Xmx192m -XX:+UseSerialGC -jar " + target.resolve("quarkus-app/quarkus-run.jar"));
        Path executable = target.resolve("idiomatic-1-runner");
        if (Files.exists(executable)) {
            with(IDIOMATIC + " native=" + executable.toAbsolutePath() + " -Xmx64m");
        }
        return this;
    }

    /** @param gateway {@code name=command…} */
    LineUp with(String gateway) throws IOException {
        int end = gateway.indexOf('=');
        servers.add(Server.gateway(gateway.substring(0, end), gateway.substring(end + 1), genauth.port()));
        return this;
    }

    /** In turn, A B C A B C …; hits are looked at for questions to GenAuth, of which there must be none. */
    Map<Server, List<Round>> ask(Scenario scenario, List<Server> asked, int warm, int rounds, int seconds)
            throws IOException {
        Path tokens = Files.write(room.resolve("tokens"), scenario.tokens());
        Map<Server, List<Round>> all = new LinkedHashMap<>();
        for (Server server : asked) {
            Round.of(scenario, server, tokens, warm);
            while (!scenario.asksGenAuth() && questionsWhile(scenario, server, tokens, 2, new ArrayList<>()) > 0) {
                // not all tokens are known yet
            }
            all.put(server, new ArrayList<>());
        }
        for (int i = 0; i < rounds; i++) {
            for (Server server : asked) {
                long questions = questionsWhile(scenario, server, tokens, seconds, all.get(server));
                if (questions > 0 != scenario.asksGenAuth()) {
                    throw new IllegalStateException(
                            server.name() + ", " + scenario.title() + ": " + questions + " questions to GenAuth");
                }
            }
        }
        return all;
    }

    private long questionsWhile(Scenario scenario, Server server, Path tokens, int seconds, List<Round> rounds)
            throws IOException {
        long before = genauth.questions.get();
        rounds.add(Round.of(scenario, server, tokens, seconds));
        return genauth.questions.get() - before;
    }

    private Path fill(String file, Map<String, Object> values) throws IOException {
        String text = Files.readString(Path.of("src/benchmark/comparison", file));
        for (var value : values.entrySet()) {
            text = text.replace("@" + value.getKey() + "@", value.getValue().toString());
        }
        return Files.writeString(room.resolve(file), text);
    }

    private static void need(String program) {
        if (Stream.of((System.getenv("PATH") + ":/usr/sbin").split(":"))
                .noneMatch(folder -> Files.isExecutable(Path.of(folder, program)))) {
            System.err.println("there is no " + program + ": apt-get install nginx-light varnish wrk");
            System.exit(1);
        }
    }

    private void stop() {
        servers.forEach(Server::stop);
        try (var files = Files.walk(room)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            System.err.println(room + " is left behind: " + e);
        }
    }
}
