package io.github.mfagateway.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged gateway, jar or native executable, as a process of its own with exactly the environment it is given. */
public final class GatewayProcess implements AutoCloseable {

    // the plain port is off where only TLS is allowed
    private static final Pattern LISTENING =
            Pattern.compile("Listening on: (?:http://[^:]+:(\\d+))?(?: and )?(?:https://[^:]+:(\\d+))?\\."
                    + " Management interface listening on http://[^:]+:(\\d+)\\.");

    private final Process process;
    private final Path output;

    private GatewayProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    public static GatewayProcess start(Map<String, String> environment) throws IOException {
        return start(environment, List.of());
    }

    /** @param properties system properties, {@code -Dname=value}, and options such as {@code -Xmx} */
    public static GatewayProcess start(Map<String, String> environment, List<String> properties) throws IOException {
        Path output = Files.createTempFile("gateway", ".log");
        ProcessBuilder builder = new ProcessBuilder(command(properties))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return new GatewayProcess(builder.start(), output);
    }

    /** The variables that give these settings to a gateway on any free ports. */
    public static Map<String, String> environment(Map<String, String> settings) {
        Map<String, String> environment =
                new HashMap<>(Map.of("QUARKUS_HTTP_PORT", "0", "QUARKUS_MANAGEMENT_PORT", "0"));
        settings.forEach((name, value) ->
                environment.put(name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT), value));
        return environment;
    }

    private static List<String> command(List<String> properties) throws IOException {
        Path target = Path.of("target").toAbsolutePath();
        Properties artifact = new Properties();
        try (var file = Files.newInputStream(target.resolve("quarkus-artifact.properties"))) {
            artifact.load(file);
        }
        String path = target.resolve(artifact.getProperty("path")).toString();
        List<String> command = new ArrayList<>();
        if ("native".equals(artifact.getProperty("type"))) {
            command.add(path);
            command.addAll(properties);
        } else {
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(properties);
            command.addAll(List.of("-jar", path));
        }
        return command;
    }

    /** Waits until it serves. */
    public GatewayProcess awaitStart() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!LISTENING.matcher(output()).find()) {
            if (process.waitFor(20, TimeUnit.MILLISECONDS) || System.nanoTime() > end) {
                process.destroyForcibly();
                throw new IllegalStateException("did not start: " + output());
            }
        }
        return this;
    }

    public String url() throws IOException {
        return "http://localhost:" + port(1);
    }

    public String managementUrl() throws IOException {
        return "http://localhost:" + port(3);
    }

    /** Only where callers' TLS is configured. */
    public int tlsPort() throws IOException {
        return Integer.parseInt(port(2));
    }

    private String port(int group) throws IOException {
        Matcher listening = LISTENING.matcher(output());
        if (!listening.find()) {
            throw new IllegalStateException("does not listen: " + output());
        }
        return listening.group(group);
    }

    public Process process() {
        return process;
    }

    /** Everything it has written so far. */
    public String output() throws IOException {
        return Files.readString(output);
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.deleteIfExists(output);
    }
}
