package io.github.mfagateway.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A certificate authority of the test's own, and servers it vouches for, made with the JDK's keytool. */
public final class Certificates {

    public static final String PASSWORD = "changeit";

    private final Path folder;

    public Certificates(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        keytool("ca", "-genkeypair", "-alias", "ca", "-keyalg", "EC", "-dname", "CN=Test CA", "-ext", "bc:c");
        keytool(
                "ca",
                "-exportcert",
                "-rfc",
                "-alias",
                "ca",
                "-file",
                authority().toString());
        keytool(
                "trust",
                "-importcert",
                "-noprompt",
                "-alias",
                "ca",
                "-file",
                authority().toString());
    }

    /** PEM. */
    public Path authority() {
        return folder.resolve("ca.pem");
    }

    /** PKCS#12. */
    public Path trustStore() {
        return folder.resolve("trust.p12");
    }

    /**
     * A key store for a server. Replaces an earlier one of the same name.
     *
     * @param name {@code ip:127.0.0.1} or {@code dns:genauth.example}
     */
    public Path server(String name) throws IOException, InterruptedException {
        String store = name.replaceAll("[^a-z0-9]", "-");
        Path request = folder.resolve(store + ".csr");
        Path certificate = folder.resolve(store + ".pem");
        Files.deleteIfExists(folder.resolve(store + ".p12"));
        keytool(store, "-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname", "CN=server");
        keytool(store, "-certreq", "-alias", "server", "-file", request.toString());
        keytool(
                "ca",
                "-gencert",
                "-rfc",
                "-alias",
                "ca",
                "-infile",
                request.toString(),
                "-outfile",
                certificate.toString(),
                "-ext",
                "san=" + name);
        keytool(
                store,
                "-importcert",
                "-noprompt",
                "-alias",
                "ca",
                "-file",
                authority().toString());
        keytool(store, "-importcert", "-noprompt", "-alias", "server", "-file", certificate.toString());
        return folder.resolve(store + ".p12");
    }

    /** The same server's key, PEM; its certificate is beside it, with {@code .pem}. */
    public Path serverKey(String name) throws IOException, InterruptedException {
        Path store = server(name);
        Path pem = folder.resolve(store.getFileName() + ".key");
        try (var file = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(file, PASSWORD.toCharArray());
            byte[] key = keys.getKey("server", PASSWORD.toCharArray()).getEncoded();
            Files.writeString(
                    pem,
                    "-----BEGIN PRIVATE KEY-----\n"
                            + Base64.getMimeEncoder().encodeToString(key)
                            + "\n-----END PRIVATE KEY-----\n");
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
        return pem;
    }

    private void keytool(String store, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of(
                "-keystore",
                folder.resolve(store + ".p12").toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD));
        Path output = folder.resolve("keytool.log");
        Process keytool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (keytool.waitFor() != 0) {
            throw new IOException(Files.readString(output));
        }
    }
}
