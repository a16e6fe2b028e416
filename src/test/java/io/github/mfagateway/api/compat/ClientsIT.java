package io.github.mfagateway.api.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.mfagateway.support.SandboxAndGateway;

/** Programs that use the gateway as GenAuth's SDKs and generated clients do: {@code src/clients}. */
class ClientsIT {

    private static final Path CLIENTS = Path.of("src", "clients");
    private static final Path INSTALLED = Path.of("target", "clients");

    private SandboxAndGateway both;

    /** @param calls after which the breaker may open */
    private void start(int calls) throws IOException, InterruptedException {
        both = new SandboxAndGateway(Map.of("GENAUTH_BREAKER_REQUEST_VOLUME_THRESHOLD", Integer.toString(calls)));
    }

    @AfterEach
    void stop() throws IOException {
        both.close();
    }

    @ParameterizedTest
    @CsvSource({"GeneratedClient, 10", "JavaSdk, 1000"})
    void aJavaProgramWorks(String program, int calls) throws Exception {
        start(calls);
        run(
                Path.of("."),
                List.of(
                        "./mvnw",
                        "-B",
                        "-q",
                        "-ntp",
                        "-f",
                        CLIENTS.resolve("java").toString(),
                        "compile",
                        "exec:java",
                        "-Dexec.mainClass=" + program,
                        "-Dgateway=" + both.gateway().url(),
                        "-Dgenauth=" + both.sandboxUrl()));
    }

    @Test
    void theNodeSdkWorksAndTheLintersFindNothing() throws Exception {
        start(1000);
        assumeTrue(System.getenv("CI") != null || hasNpm(), "npm is not on the PATH");
        Files.createDirectories(INSTALLED);
        for (String file : List.of("package.json", "node-sdk.js", "spectral.yaml")) {
            Files.copy(CLIENTS.resolve(file), INSTALLED.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        run(INSTALLED, List.of("npm", "install", "--no-package-lock", "--no-audit", "--no-fund"));
        run(INSTALLED, List.of("npm", "run", "sdk"));
        String findings = run(INSTALLED, List.of("npm", "run", "lint"));

        assertEquals(true, findings.contains("\"problems\": []"), findings);
    }

    private static boolean hasNpm() {
        for (String directory : System.getenv("PATH").split(File.pathSeparator)) {
            if (Files.isExecutable(Path.of(directory, "npm"))) {
                return true;
            }
        }
        return false;
    }

    private String run(Path directory, List<String> command) throws Exception {
        Path log = Files.createTempFile(Path.of("target"), "client", ".log");
        ProcessBuilder program = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        program.environment().put("GATEWAY", both.gateway().url());
        program.environment().put("GENAUTH", both.sandboxUrl());
        program.environment().put("REDOCLY_TELEMETRY", "off");
        Process process = program.start();
        try {
            boolean ended = process.waitFor(5, TimeUnit.MINUTES);
            String output = Files.readString(log);
            assertEquals(0, ended ? process.exitValue() : -1, command + ":\n" + output);
            return output;
        } finally {
            process.destroyForcibly();
            Files.delete(log);
        }
    }
}
