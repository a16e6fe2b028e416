package io.github.mfagateway.genauth;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

import io.github.mfagateway.support.FaultyGenAuth;
import io.github.mfagateway.support.GatewayProcess;

/** {@link SingleResponseTest}, against the packaged gateway. */
class SingleResponseIT extends SingleResponseCases {

    private static final FaultyGenAuth GENAUTH = new FaultyGenAuth();

    private static GatewayProcess gateway;

    @BeforeAll
    static void start() throws Exception {
        Map<String, String> settings = new HashMap<>(ONE_CONNECTION);
        settings.putAll(GENAUTH.start());
        gateway = GatewayProcess.start(GatewayProcess.environment(settings)).awaitStart();
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        GENAUTH.stop();
    }

    @Override
    URL enrollable() {
        try {
            return URI.create(gateway.url() + "/mfa/factors/enrollable").toURL();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
