package io.github.mfagateway;

import static io.github.mfagateway.support.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.github.mfagateway.support.GenAuthStub;
import io.github.mfagateway.support.MovingGenAuth;
import io.github.mfagateway.support.RawConnection;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;

/** GenAuth's host name gets another address, and both hosts respond. */
@QuarkusTest
@TestProfile(MovedGenAuthTest.ShortLived.class)
@WithTestResource(MovingGenAuth.class)
class MovedGenAuthTest {

    public static class ShortLived implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("genauth.connection-max-age", "1s");
        }
    }

    @TestHTTPResource("/mfa/factors/enrollable")
    URL enrollable;

    @Test
    void callsFollowAChangedAddressUnderSteadyTraffic() throws IOException {
        until("a connection reaches its maximum age", () -> {
            assertServed();
            return MovingGenAuth.connections(MovingGenAuth.FIRST) > 1;
        });
        assertEquals(0, MovingGenAuth.connections(MovingGenAuth.SECOND));

        MovingGenAuth.move();

        until("the new address is called", () -> {
            assertServed();
            return MovingGenAuth.connections(MovingGenAuth.SECOND) > 0;
        });
    }

    private void assertServed() {
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
