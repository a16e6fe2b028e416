package io.github.mfagateway.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Prometheus' own tool for rules. */
final class Promtool {

    private static final String NO_PROMTOOL = "promtool checks the alerts, and is not on the PATH";

    private Promtool() {}

    static void succeeds(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            // The gate says so in its last lines; a build on a machine without promtool may pass.
            abort(NO_PROMTOOL);
            return;
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.onExit().join().exitValue(), output);
    }

    static List<Path> tests() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src", "test", "prometheus"))) {
            return files.sorted().toList();
        }
    }
}
