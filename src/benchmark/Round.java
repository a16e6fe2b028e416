import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One server asked for some seconds by wrk, one thread, as fast as it can.
 *
 * @param cpu microseconds of user and system time of the server's processes, per answer
 * @param p50 milliseconds
 * @param p99 milliseconds
 */
record Round(double cpu, double perSecond, double p50, double p99) {

    /** Fails on any error, and on answers of another size than that of one that is looked at first. */
    static Round of(Scenario scenario, Server server, Path tokens, int seconds) throws IOException {
        String token = scenario.tokens().get(0);
        String etag = scenario.sendsETag() ? Answer.to(server.port(), token, null).etag() : null;
        Answer expected = Answer.to(server.port(), token, etag);
        if (expected.status() != (scenario.sendsETag() ? 304 : 200)) {
            throw new IllegalStateException(server.name() + " answered " + expected.head());
        }
        List<String> wrk = new ArrayList<>(List.of(
                "wrk", "-t", "1", "-c", "" + scenario.connections(), "-d", seconds + "s", "--timeout", "10s",
                "-s", "src/benchmark/comparison/requests.lua", "http://127.0.0.1:" + server.port() + Answer.PATH,
                "--", tokens.toString(), scenario.asksGenAuth() ? "fresh" : "known"));
        if (etag != null) {
            wrk.add(etag);
        }
        double before = server.cpu();
        Process process = new ProcessBuilder(wrk).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        double cpu = server.cpu() - before;

        double answers = Text.number(said, "answers=(\\d+)");
        double length = Text.number(said, "bytes=(\\d+)") / answers;
        // wrk counts a 3xx as good; Age, ttl and Varnish's numbers grow by digits, and a miss says so in its head
        if (Text.number(said, "errors=(\\d+)") > 0 || Math.abs(length - expected.length()) > 40) {
            throw new IllegalStateException("%s, %s: answers of %.0f bytes, not %d; %s"
                    .formatted(server.name(), scenario.title(), length, expected.length(), said));
        }
        return new Round(
                cpu / answers,
                answers / Text.number(said, "micros=(\\d+)") * 1e6,
                Text.number(said, "p50=(\\d+)") / 1e3,
                Text.number(said, "p99=(\\d+)") / 1e3);
    }

    static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
