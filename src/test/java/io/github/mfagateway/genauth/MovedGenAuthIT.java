package io.github.mfagateway.genauth;

import static io.github.mfagateway.support.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.github.mfagateway.support.GatewayProcess;
import io.github.mfagateway.support.GenAuthStub;
import io.github.mfagateway.support.MovingGenAuth;
import io.github.mfagateway.support.RawConnection;

/** GenAuth's host name gets another address, and both hosts respond. */
class MovedGenAuthIT {

    @Test
    void callsFollowAChangedAddressUnderSteadyTraffic() throws Exception {
        try (MovingGenAuth genauth = new MovingGenAuth()) {
            Map<String, String> settings = new HashMap<>(genauth.settings());
            settings.put("genauth.connection-max-age", "1s");
            // a first call loads classes
            settings.put("genauth.deadline", "20s");
            try (GatewayProcess gateway = GatewayProcess.start(GatewayProcess.environment(settings), genauth.options())
                    .awaitStart()) {
                URL enrollable =
                        URI.create(gateway.url() + "/mfa/factors/enrollable").toURL();
                until("a connection reaches its maximum age", () -> {
                    assertServed(enrollable);
                    return genauth.connections(MovingGenAuth.FIRST) > 1;
                });
                assertEquals(0, genauth.connections(MovingGenAuth.SECOND));

                genauth.move();

                until("the new address is called", Duration.ofSeconds(60), () -> {
                    assertServed(enrollable);
                    return genauth.connections(MovingGenAuth.SECOND) > 0;
                });
            }
        }
    }

    private static void assertServed(URL enrollable) {
        try (RawConnection connection = new RawConnection(enrollable)) {
            String response = connection
                    .send(RawConnection.list(GenAuthStub.freshToken()))
                    .response();
            assertTrue(response.startsWith("HTTP/1.1 200 "), response);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
