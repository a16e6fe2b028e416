import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

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
            "gateway=java -Xmx1500m -XX:+UseSerialGC -Dmfa.cache.max-entries=1100000 -jar target/quarkus-app/quarkus-run.jar";

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
            growth.of("connections", List.of(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000), n ->
                    new Scenario("connections", n + " connections", Scenario.opaque(1), n, false, false));
        }
        if (names.contains("lengths")) {
            growth.of("lengths", List.of(200, 400, 800, 1600, 3200, 6400, 8000), n ->
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
                table.println(size + row(scenarios.apply(size), 3));
            }
        }
    }

    private void entries() throws IOException {
        try (PrintStream table = table("entries")) {
            table.println("entries\tnginx\tgateway\tnginx_p99\tgateway_p99\tbytes_per_entry");
            double empty = liveHeap();
            for (int entries : List.of(100, 1_000, 10_000, 100_000, 1_000_000)) {
                Scenario scenario = Scenario.hits("entries", entries + " entries", Scenario.opaque(entries));
                // a miss costs some 100 µs each: all are there after this
                String row = row(scenario, 3 + entries / 2_500);
                table.println(entries + row + "\t%.0f".formatted((liveHeap() - empty) / entries));
            }
        }
    }

    private String row(Scenario scenario, int warm) throws IOException {
        var rounds = List.copyOf(lineUp.ask(scenario, lineUp.servers, warm, 3, 2).values());
        String row = "\t%.1f\t%.1f\t%.2f\t%.2f".formatted(
                Round.median(rounds.get(0), Round::cpu),
                Round.median(rounds.get(1), Round::cpu),
                Round.median(rounds.get(0), Round::p99),
                Round.median(rounds.get(1), Round::p99));
        System.out.println(scenario.title() + row);
        return row;
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
