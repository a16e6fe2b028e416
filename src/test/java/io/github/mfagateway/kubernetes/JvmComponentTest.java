package io.github.mfagateway.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.fabric8.kubernetes.api.model.Container;

/** The overlay production with the component for the JVM's image. */
class JvmComponentTest {

    private final Path folder = Path.of("target", "production-jvm");

    @AfterEach
    void clean() throws IOException {
        Files.deleteIfExists(folder.resolve("kustomization.yaml"));
        Files.deleteIfExists(folder);
    }

    @Test
    void thePodHasTwiceTheEntrypointsHeapAndNoOptionsOfTheExecutable() throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("kustomization.yaml"), """
                resources: [../../kubernetes/overlays/production]
                components: [../../kubernetes/components/jvm]
                """);

        Container container =
                Overlay.rendered("production on the JVM", folder).deployment().container();

        assertTrue(container.getArgs().isEmpty());
        assertEquals("384Mi", container.getResources().getLimits().get("memory").toString());
        assertTrue(Files.readString(Path.of("src/main/docker/Dockerfile.jvm")).contains("-Xmx192m"));
        assertTrue(container.getEnv().stream()
                .anyMatch(variable -> variable.getName().equals("JAVA_TOOL_OPTIONS")
                        && variable.getValue().contains("-XX:ActiveProcessorCount=2")));
    }
}
