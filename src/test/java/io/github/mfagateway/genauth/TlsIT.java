package io.github.mfagateway.genauth;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.github.tomakehurst.wiremock.WireMockServer;

import io.github.mfagateway.support.Certificates;
import io.github.mfagateway.support.GatewayProcess;
import io.github.mfagateway.support.GenAuthStub;
import io.restassured.response.ValidatableResponse;

/** Users' tokens go only to who can prove to be GenAuth. */
class TlsIT {

    @TempDir
    Path folder;

    private Certificates certificates;
    private WireMockServer genauth;

    @BeforeEach
    void makeAuthority() throws Exception {
        certificates = new Certificates(folder);
    }

    @AfterEach
    void stop() {
        genauth.stop();
    }

    @Test
    void aPrivateAuthorityInTheCaFileIsTrusted() throws Exception {
        startGenAuth("ip:127.0.0.1");

        list(Map.of("GENAUTH_CA_FILE", certificates.authority().toString()), List.of())
                .statusCode(200)
                .body("factors.size()", is(4));
    }

    @Test
    void anAuthorityInTheRuntimesTrustStoreIsTrusted() throws Exception {
        startGenAuth("ip:127.0.0.1");

        list(
                        Map.of(),
                        List.of(
                                "-Djavax.net.ssl.trustStore=" + certificates.trustStore(),
                                "-Djavax.net.ssl.trustStorePassword=" + Certificates.PASSWORD))
                .statusCode(200);
    }

    @Test
    void anUnknownAuthorityIsRejected() throws Exception {
        startGenAuth("ip:127.0.0.1");

        refused(list(Map.of(), List.of()));
    }

    @Test
    void aCertificateOfAnotherNameIsRejected() throws Exception {
        startGenAuth("dns:genauth.example");

        refused(list(Map.of("GENAUTH_CA_FILE", certificates.authority().toString()), List.of()));
    }

    private void startGenAuth(String name) throws Exception {
        genauth = new WireMockServer(options()
                .dynamicHttpsPort()
                .httpDisabled(true)
                .bindAddress("127.0.0.1")
                .keystorePath(certificates.server(name).toString())
                .keystoreType("PKCS12")
                .keystorePassword(Certificates.PASSWORD)
                .keyManagerPassword(Certificates.PASSWORD));
        genauth.start();
        genauth.stubFor(any(anyUrl()).willReturn(okJson(GenAuthStub.FOUR_TYPES)));
    }

    private ValidatableResponse list(Map<String, String> more, List<String> arguments) throws Exception {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("GENAUTH_URL", "https://127.0.0.1:" + genauth.httpsPort());
        environment.put("GENAUTH_APP_ID", "app");
        // a first handshake on a busy machine
        environment.put("GENAUTH_CONNECT_TIMEOUT", "2s");
        environment.put("QUARKUS_HTTP_PORT", "0");
        environment.put("QUARKUS_MANAGEMENT_PORT", "0");
        try (GatewayProcess gateway =
                GatewayProcess.start(environment, arguments).awaitStart()) {
            return given().header("Authorization", "Bearer " + GenAuthStub.freshToken())
                    .get(gateway.url() + "/mfa/factors/enrollable")
                    .then();
        }
    }

    private void refused(ValidatableResponse response) {
        response.statusCode(502)
                .body("type", is("/problems/genauth-failed"))
                .body("detail", containsString("certificate"));
        genauth.verify(0, anyRequestedFor(anyUrl()));
    }
}
