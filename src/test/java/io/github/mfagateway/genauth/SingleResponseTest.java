package io.github.mfagateway.genauth;

import java.net.URL;
import java.util.Map;

import io.github.mfagateway.support.FaultyGenAuth;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;

@QuarkusTest
@TestProfile(SingleResponseTest.OneConnection.class)
@WithTestResource(FaultyGenAuth.class)
class SingleResponseTest extends SingleResponseCases {

    public static class OneConnection implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return ONE_CONNECTION;
        }
    }

    @TestHTTPResource("/mfa/factors/enrollable")
    URL enrollable;

    @Override
    URL enrollable() {
        return enrollable;
    }
}
