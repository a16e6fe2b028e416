package io.github.mfagateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Map;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.mfagateway.support.Certificates;
import io.github.mfagateway.support.RawConnection;
import io.github.mfagateway.support.SandboxAndGateway;

/** Over TLS a connection has the same handlers, which come after the handshake. */
class CallersTlsIT {

    @TempDir
    Path folder;

    @Test
    void requestsAreValidatedServedInOrderAndFromTheCache() throws Exception {
        Certificates certificates = new Certificates(folder);
        String key = certificates.serverKey("dns:localhost").toString();
        try (SandboxAndGateway running = new SandboxAndGateway(Map.of(
                "QUARKUS_HTTP_SSL_PORT",
                "0",
                "QUARKUS_HTTP_SSL_CERTIFICATE_FILES",
                folder.resolve("dns-localhost.pem").toString(),
                "QUARKUS_HTTP_SSL_CERTIFICATE_KEY_FILES",
                key,
                // a first call loads classes
                "GENAUTH_DEADLINE",
                "20s"))) {
            String list = RawConnection.list("alice");
            String rejected = list.replace("GET /", "GET http://other/");
            SSLContext trusting = trusting(certificates.authority());
            try (SSLSocket connection = connect(trusting, running)) {
                connection
                        .getOutputStream()
                        .write((list + list + rejected + list).getBytes(StandardCharsets.ISO_8859_1));
                String all = everything(connection);
                String[] responses = all.split("(?=HTTP/1\\.1 )");
                assertEquals(3, responses.length, all);
                assertTrue(responses[0].contains("fwd=uri-miss"), all);
                // the head of a cache hit begins with the media type
                assertTrue(responses[1].startsWith("HTTP/1.1 200 OK\r\nContent-Type: "), all);
                assertTrue(responses[2].startsWith("HTTP/1.1 421 "), all);
            }
            // closed at once, the connection would be reset, and the response lost
            try (SSLSocket connection = connect(trusting, running)) {
                connection
                        .getOutputStream()
                        .write((rejected + "x".repeat(500_000)).getBytes(StandardCharsets.ISO_8859_1));
                String all = everything(connection);
                assertTrue(all.startsWith("HTTP/1.1 421 "), all);
            }
        }
    }

    private static SSLSocket connect(SSLContext trusting, SandboxAndGateway running) throws IOException {
        SSLSocket connection = (SSLSocket) trusting.getSocketFactory()
                .createSocket("localhost", running.gateway().tlsPort());
        connection.setSoTimeout(30_000);
        return connection;
    }

    private static String everything(SSLSocket connection) throws IOException {
        return new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static SSLContext trusting(Path authority) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(
                "ca",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(authority))));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }
}
