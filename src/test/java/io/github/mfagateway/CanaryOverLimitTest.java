package io.github.mfagateway;

import static io.github.mfagateway.support.Until.until;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.github.mfagateway.genauth.resilience.RateLimitTest;
import io.github.mfagateway.support.Callers;
import io.github.mfagateway.support.Canary;
import io.github.mfagateway.support.CanaryWatch;
import io.github.mfagateway.support.FaultyGenAuth;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** {@link CanaryTest}, with more calls than may be. */
@QuarkusTest
@TestProfile(RateLimitTest.FiveASecond.class)
@WithTestResource(FaultyGenAuth.class)
class CanaryOverLimitTest {

    @TestHTTPResource("/")
    URL gateway;

    @TestHTTPResource(value = "/", management = true)
    URL management;

    private final Canary canary = new Canary();
    private final List<String> responses = new ArrayList<>();

    @Test
    void nothingShowsOfCallsThatAreTooMany() throws IOException {
        try (CanaryWatch watch = new CanaryWatch(canary)) {
            until("somebody is turned away", () -> list().contains("genauth.rate-limit"));

            watch.nothingShows(responses, management);
        }
    }

    private String list() {
        try {
            List<String> now = new Callers(gateway)
                    .atOnce(Stream.generate(canary::token).limit(30).toList());
            responses.addAll(now);
            return now.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
