import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What an answer costs: the packaged gateway (the jar and, when there is one, the native executable) beside nginx and
 * Varnish as caches in front of the same stand-in for GenAuth, and a service that only uses annotations of Quarkus.
 *
 * <pre>src/benchmark/run Comparison [scenario…] [name=command…]</pre>
 *
 * Scenarios are hits, tokens, jwts, unchanged, misses and stampede; all, when none is named. {@code name=command} adds
 * another gateway: another build, another JVM, other options.
 *
 * <p>Method: one nginx worker, one event loop, one thread pool of Varnish; wrk with one thread and 16 connections, on the same
 * machine. All servers are up at once and are asked in turn, A B C D A B C D …, so that what else the machine does is shared.
 * CPU is user + system time of all of a server's processes. Figures are medians of the rounds; ratios are of the medians of
 * one run, and only they mean something elsewhere. A round fails on any error, on an answer of an unexpected size, and on a
 * question to GenAuth that a hit must not ask. {@code JAVA_TOOL_OPTIONS="-Drounds=5 -Dseconds=3 -Dwarm=15"} are the defaults.
 */
final class Comparison {

    private static final int ROUNDS = Integer.getInteger("rounds", 5);
    private static final int SECONDS = Integer.getInteger("seconds", 3);
    private static final int WARM = Integer.getInteger("warm", 15);

    private final LineUp lineUp;

    private Comparison(LineUp lineUp) {
        this.lineUp = lineUp;
    }

    public static void main(String[] args) throws IOException {
        List<String> names = Stream.of(args).filter(arg -> !arg.contains("=")).toList();
        List<String> others = Stream.of(args).filter(arg -> arg.contains("=")).toList();
        Comparison comparison =
                new Comparison(new LineUp().withNginx().withVarnish().withGateways(others).withIdiomatic());
        boolean known = false;
        for (Scenario scenario : Scenario.COMPARED) {
            if (names.isEmpty() || names.contains(scenario.name())) {
                // a miss takes another way than all before it
                comparison.measure(scenario, known && !scenario.asksGenAuth() ? Math.min(WARM, 5) : WARM);
                known = true;
            }
        }
        if (names.isEmpty() || names.contains("stampede")) {
            comparison.stampede();
        }
        comparison.atTheEnd();
    }

    private void measure(Scenario scenario, int warm) throws IOException {
        List<Server> asked = new ArrayList<>(lineUp.servers);
        if (scenario.sendsETag()) {
            // it sends no ETag
            asked.removeIf(server -> server.name().startsWith(LineUp.IDIOMATIC));
        }
        if (scenario.asksGenAuth()) {
            asked.add(lineUp.bareProxy());
        }
        print(scenario, lineUp.ask(scenario, asked, warm, ROUNDS, SECONDS));
    }

    private static void print(Scenario scenario, Map<Server, List<Round>> rounds) {
        System.out.printf(
                "%n| %s | CPU per answer, µs | lowest–highest | to nginx | answers/s | p50, ms | p99, ms |%n"
                        + "|---|---|---|---|---|---|---|%n",
                scenario.title());
        double nginx = Round.median(rounds.values().iterator().next(), Round::cpu);
        rounds.forEach((server, all) -> System.out.printf(
                "| %s | %.1f | %.1f–%.1f | %.2f | %,.0f | %.2f | %.2f |%n",
                server.name(),
                Round.median(all, Round::cpu),
                all.stream().mapToDouble(Round::cpu).min().getAsDouble(),
                all.stream().mapToDouble(Round::cpu).max().getAsDouble(),
                Round.median(all, Round::cpu) / nginx,
                Round.median(all, Round::perSecond),
                Round.median(all, Round::p50),
                Round.median(all, Round::p99)));
    }

    /** 1,000 callers ask at once what nobody knows yet, and GenAuth takes 200 ms. */
    private void stampede() throws IOException {
        System.out.printf("%n| 1,000 callers at once, one new token | questions to GenAuth | all answered after, ms |%n"
                + "|---|---|---|%n");
        lineUp.genauth.delayMillis = 200;
        for (Server server : lineUp.servers) {
            long before = lineUp.genauth.questions.get();
            List<Socket> callers = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                callers.add(new Socket(Answer.LOOPBACK, server.port()));
            }
            long start = System.nanoTime();
            for (Socket caller : callers) {
                caller.getOutputStream().write(Answer.question("stampede", null));
            }
            for (Socket caller : callers) {
                Answer answer = Answer.read(caller.getInputStream());
                if (answer.status() != 200) {
                    throw new IllegalStateException(server.name() + " answered " + answer.head());
                }
            }
            System.out.printf(
                    "| %s | %d | %d |%n",
                    server.name(),
                    lineUp.genauth.questions.get() - before,
                    (System.nanoTime() - start) / 1_000_000);
            for (Socket caller : callers) {
                caller.close();
            }
        }
        lineUp.genauth.delayMillis = 0;
    }

    private void atTheEnd() throws IOException {
        System.out.printf("%n| at the end | first answer after exec, s | memory, MB |%n|---|---|---|%n");
        for (Server server : lineUp.servers) {
            System.out.printf("| %s | %.3f | %.0f |%n", server.name(), server.firstAnswer(), server.memory() / 1e6);
        }
    }
}
