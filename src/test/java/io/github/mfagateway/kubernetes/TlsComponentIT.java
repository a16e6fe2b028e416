package io.github.mfagateway.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.github.mfagateway.support.Certificates;
import io.github.mfagateway.support.SandboxAndGateway;

/** The overlay production with the component for callers' TLS, and the packaged gateway with its settings. */
class TlsComponentIT {

    private static final String MOUNT = "/etc/tls";

    @TempDir
    Path folder;

    private final Path overlayFolder = Path.of("target", "production-tls");
    private Overlay overlay;
    private Certificates certificates;

    @BeforeEach
    void render() throws Exception {
        Files.createDirectories(overlayFolder);
        Files.writeString(overlayFolder.resolve("kustomization.yaml"), """
                resources: [../../kubernetes/overlays/production]
                components: [../../kubernetes/components/tls]
                """);
        overlay = Overlay.rendered("production with TLS", overlayFolder);
        certificates = new Certificates(folder);
    }

    @AfterEach
    void clean() throws IOException {
        Files.deleteIfExists(overlayFolder.resolve("kustomization.yaml"));
        Files.deleteIfExists(overlayFolder);
    }

    @Test
    void onlyTheHttpsPortIsOpenAndTheCertificateIsMounted() {
        Map<String, String> shop = Map.of("genauth-mfa-gateway/caller", "true");
        NetworkPolicy policy = overlay.the(NetworkPolicy.class);
        for (int port : new int[] {8080, 8443}) {
            assertEquals(port == 8443, new Traffic(Map.of(), shop, "TCP", port).comesIn(policy.getSpec()));
        }
        var ports = overlay.the(Service.class).getSpec().getPorts();
        assertEquals(List.of(8443), ports.stream().map(port -> port.getPort()).toList());
        assertEquals(
                "genauth-mfa-gateway-tls",
                overlay.deployment().pod().getVolumes().stream()
                        .filter(volume -> volume.getSecret() != null)
                        .findAny()
                        .orElseThrow()
                        .getSecret()
                        .getSecretName());
        assertTrue(overlay.deployment().container().getVolumeMounts().stream()
                .anyMatch(mount -> mount.getMountPath().equals(MOUNT) && mount.getReadOnly()));
    }

    @Test
    void aRenewedCertificateIsUsedWhileCallersAreServed() throws Exception {
        Path mount = Files.createDirectory(folder.resolve("mount"));
        issue(mount);
        try (SandboxAndGateway running = new SandboxAndGateway(environment(mount, Map.of()))) {
            assertFalse(running.gateway().output().contains("Listening on: http://"));
            BigInteger first = serial(get(client(null), running));
            List<String> failures = new CopyOnWriteArrayList<>();
            AtomicBoolean stopped = new AtomicBoolean();
            HttpClient kept = client(null);
            Thread traffic = new Thread(() -> {
                while (!stopped.get()) {
                    try {
                        HttpResponse<String> response = get(kept, running);
                        if (response.statusCode() != 200) {
                            failures.add(response.toString());
                        }
                    } catch (Exception failure) {
                        failures.add(failure.toString());
                    }
                }
            });
            traffic.start();
            issue(mount);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            BigInteger now = first;
            int refused = 0;
            while (now.equals(first) && System.nanoTime() < end) {
                Thread.sleep(200);
                try {
                    now = serial(get(client(null), running));
                } catch (IOException duringTheReload) {
                    // Vert.x 4.5 closes connections that arrive while it builds the new context
                    refused++;
                }
            }
            stopped.set(true);
            traffic.join();
            assertFalse(now.equals(first), "the old certificate is still in use");
            assertEquals(List.of(), failures);
            assertTrue(refused <= 1, refused + " new connections were closed");
        }
    }

    @Test
    void aClientCertificateCanBeRequired() throws Exception {
        Path mount = Files.createDirectory(folder.resolve("mount"));
        issue(mount);
        Files.copy(certificates.authority(), mount.resolve("ca.crt"));
        Map<String, String> required = Map.of(
                "MFA_HTTP_CLIENT_AUTH",
                "required",
                "QUARKUS_TLS_CALLERS_TRUST_STORE_PEM_CERTS",
                mount.resolve("ca.crt").toString());
        try (SandboxAndGateway running = new SandboxAndGateway(environment(mount, required))) {
            assertThrows(IOException.class, () -> get(client(null), running));
            assertEquals(
                    200, get(client(certificates.server("dns:caller")), running).statusCode());
        }
    }

    /** The component's settings, with the certificate's files on this machine. */
    private Map<String, String> environment(Path mount, Map<String, String> more) {
        Map<String, String> environment = new HashMap<>();
        overlay.deployment().environment(Overlay.SECRETS).forEach((name, value) -> {
            if (name.startsWith("QUARKUS_TLS_") || name.startsWith("QUARKUS_HTTP_")) {
                environment.put(name, value.replace(MOUNT, mount.toString()));
            }
        });
        environment.put("QUARKUS_HTTP_SSL_PORT", "0");
        // the shortest that Quarkus allows
        environment.put("QUARKUS_TLS_CALLERS_RELOAD_PERIOD", "30s");
        // a first call loads classes
        environment.put("GENAUTH_DEADLINE", "20s");
        environment.putAll(more);
        return environment;
    }

    /** Replaces the certificate as a renewal does. */
    private void issue(Path mount) throws Exception {
        Files.move(
                certificates.serverKey("dns:localhost"), mount.resolve("tls.key"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(folder.resolve("dns-localhost.pem"), mount.resolve("tls.crt"), StandardCopyOption.REPLACE_EXISTING);
    }

    private static HttpResponse<String> get(HttpClient client, SandboxAndGateway running)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(
                                "https://localhost:" + running.gateway().tlsPort() + "/mfa/factors/enrollable"))
                        .header("Authorization", "Bearer alice")
                        .build(),
                BodyHandlers.ofString());
    }

    private static BigInteger serial(HttpResponse<?> response) throws Exception {
        var chain = response.sslSession().orElseThrow().getPeerCertificates();
        return ((X509Certificate) chain[0]).getSerialNumber();
    }

    /** @param keys of the client, or null */
    private HttpClient client(Path keys) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(
                "ca",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(certificates.authority()))));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        if (keys != null) {
            own.init(
                    KeyStore.getInstance(keys.toFile(), Certificates.PASSWORD.toCharArray()),
                    Certificates.PASSWORD.toCharArray());
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys == null ? null : own.getKeyManagers(), trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).build();
    }
}
