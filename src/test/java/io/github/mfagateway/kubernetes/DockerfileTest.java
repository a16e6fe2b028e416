package io.github.mfagateway.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pods' security context requires of the images. */
class DockerfileTest {

    static List<Path> dockerfiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/docker"))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("dockerfiles")
    void theUserIsANumberBecauseTheKubeletCannotTellWhetherANameIsRoot(Path dockerfile) throws IOException {
        assertEquals(List.of("USER 1001"), lines(dockerfile, "USER "));
    }

    @ParameterizedTest
    @MethodSource("dockerfiles")
    void noShellStandsBetweenTheSignalAndTheGateway(Path dockerfile) throws IOException {
        assertEquals(1, lines(dockerfile, "ENTRYPOINT [\"").size());
        assertEquals(List.of(), lines(dockerfile, "RUN "));
    }

    @ParameterizedTest
    @MethodSource("dockerfiles")
    void theSameBaseEveryTime(Path dockerfile) throws IOException {
        assertEquals(List.of("FROM ${BASE}"), lines(dockerfile, "FROM "));
        String base = lines(dockerfile, "ARG BASE=").get(0);
        assertTrue(base.matches("ARG BASE=[^@]+@sha256:[0-9a-f]{64}"), base);
    }

    @ParameterizedTest
    @MethodSource("dockerfiles")
    void theHeapIsBoundedAndAFullOneIsTheEnd(Path dockerfile) throws IOException {
        String entrypoint = lines(dockerfile, "ENTRYPOINT ").get(0);
        List<String> arguments = lines(dockerfile, "CMD ");
        assertTrue((entrypoint + arguments).contains("\"-Xmx"), entrypoint + arguments);
        assertTrue((entrypoint + arguments).contains("\"-XX:+ExitOnOutOfMemoryError\""), entrypoint + arguments);
    }

    @ParameterizedTest
    @MethodSource("dockerfiles")
    void theImageSaysWhatItIsAndFromWhichCommit(Path dockerfile) throws IOException {
        String all = Files.readString(dockerfile);
        for (String label : List.of("title", "description", "version", "revision", "source")) {
            assertTrue(all.contains("org.opencontainers.image." + label + "=\""), label);
        }
    }

    private static List<String> lines(Path dockerfile, String start) throws IOException {
        return Files.readAllLines(dockerfile).stream()
                .filter(line -> line.startsWith(start))
                .toList();
    }
}
