import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * What a hit costs, and an entry keeps, as work grows: entries, connections, tokens' length; the jar beside nginx.
 *
 * <pre>src/benchmark/run Growth [entries] [connections] [lengths]</pre>
 *
 * Writes {@code docs/growth/*.tsv}, which {@code gnuplot src/benchmark/growth.gnuplot} draws. Method as in Comparison, with
 * three rounds of two seconds; an entry's memory is what the heap holds more after a full collection.
 */
final class Growth {

    private static final Path WHERE = Path.of("docs/growth");
    // room for a million entries
    private static final String GATEWAY =
            "gateway=java -Xmx2200m -XX:+UseSerialGC -Dmfa.cache.max-bytes=1050M -jar target/quarkus-app/quarkus-run.jar";

    private final LineUp lineUp;

    private Growth(LineUp lineUp) {
        this.lineUp = lineUp;
    }

    public static void main(String[] args) throws IOException {
        List<String> names = args.length == 0 ? List.of("connections", "lengths", "entries") : List.of(args);
        Files.createDirectories(WHERE);
        Growth growth = new Growth(new LineUp().withNginx().with(GATEWAY));
        growth.lineUp.ask(Scenario.COMPARED.get(0), growth.lineUp.servers, 15, 1, 1);
        if (names.contains("connections")) {
            growth.of("connections", List.of(1, 4, 16, 64, 256, 1000), n ->
                    new Scenario("connections", n + " connections", Scenario.opaque(1), n, false, false));
        }
        if (names.contains("lengths")) {
            growth.of("lengths", List.of(200, 800, 2000, 4000, 8000), n ->
                    Scenario.hits("lengths", "tokens of " + n + " characters", List.of("t".repeat(n))));
        }
        if (names.contains("entries")) {
            growth.entries();
        }
    }

    private void of(String name, List<Integer> sizes, Function<Integer, Scenario> scenarios) throws IOException {
        try (PrintStream table = table(name)) {
            table.println(name + "\tnginx\tgateway\tnginx_p99\tgateway_p99");
            for (int size : sizes) {
                var rounds = ask(scenarios.apply(size), lineUp.servers, 3);
                table.println(size + figures(rounds, Round::cpu) + figures(rounds, Round::p99));
            }
        }
    }

    /** The gateway alone, because a file for each of a million answers is another subject. */
    private void entries() throws IOException {
        try (PrintStream table = table("entries")) {
            table.println("entries\tgateway\tbytes_per_entry");
            double empty = liveHeap();
            for (int entries : List.of(100, 1_000, 10_000, 100_000, 1_000_000)) {
                Scenario scenario = Scenario.hits("entries", entries + " entries", Scenario.opaque(entries));
                // about as long as it takes to ask for each once
                var rounds = ask(scenario, lineUp.servers.subList(1, 2), 3 + entries / 4_000);
                table.println(
                        entries + figures(rounds, Round::cpu) + "\t%.0f".formatted((liveHeap() - empty) / entries));
            }
        }
    }

    private Collection<List<Round>> ask(Scenario scenario, List<Server> servers, int warm) throws IOException {
        var rounds = lineUp.ask(scenario, servers, warm, 3, 2).values();
        System.out.println(scenario.title() + figures(rounds, Round::cpu) + " µs");
        return rounds;
    }

    private static String figures(Collection<List<Round>> rounds, ToDoubleFunction<Round> figure) {
        return rounds.stream()
                .map(server -> "\t%.2f".formatted(Round.median(server, figure)))
                .collect(Collectors.joining());
    }

    private double liveHeap() throws IOException {
        String pid = "" + lineUp.servers.get(1).process().pid();
        jcmd(pid, "GC.run");
        return Text.number(jcmd(pid, "GC.class_histogram"), "Total +\\d+ +(\\d+)");
    }

    private static String jcmd(String pid, String command) throws IOException {
        Process jcmd = new ProcessBuilder("jcmd", pid, command).redirectErrorStream(true).start();
        return new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static PrintStream table(String name) throws IOException {
        return new PrintStream(Files.newOutputStream(WHERE.resolve(name + ".tsv")), true, StandardCharsets.UTF_8);
    }
}
