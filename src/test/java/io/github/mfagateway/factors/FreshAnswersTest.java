package io.github.mfagateway.factors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mfagateway.support.GenAuthStub;
import io.github.mfagateway.support.RawConnection;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;

/** The two ways an answer from memory takes, told apart by {@code only-if-cached}, which the short one leaves to the REST layer. */
@QuarkusTest
@WithTestResource(GenAuthStub.class)
class FreshAnswersTest {

    @TestHTTPResource
    URL gateway;

    private final String token = GenAuthStub.freshToken();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "If-None-Match: %s\r\n",
                "If-None-Match: \"another\", W/%s\r\n",
                "If-None-Match: \"another\"\r\n",
                "Accept: application/json\r\n",
                "Accept: text/html, */*;q=0.1\r\n"
            })
    void bothWaysAnswerTheSame(String condition) throws IOException {
        GenAuthStub.answer(token, GenAuthStub.FOUR_TYPES);
        try (RawConnection connection = new RawConnection(gateway)) {
            String ifNoneMatch = condition.formatted(etag(ask(connection, "")));
            String fast = ask(connection, ifNoneMatch);
            String rest = ask(connection, ifNoneMatch + "Cache-Control: only-if-cached\r\n");

            assertTrue(fast.contains("; hit; ttl="), fast);
            assertEquals(lines(rest), lines(fast));
        }
    }

    @Test
    void aCallerWhoCannotReadJsonIsToldSoBeforeAndAfterTheAnswerIsKnown() throws IOException {
        GenAuthStub.answer(token, GenAuthStub.FOUR_TYPES);
        try (RawConnection connection = new RawConnection(gateway)) {
            String before = ask(connection, "Accept: text/html\r\n");
            ask(connection, "");
            String after = ask(connection, "Accept: text/html\r\n");

            assertTrue(before.startsWith("HTTP/1.1 406 "), before);
            assertEquals(lines(before), lines(after));
        }
    }

    @Test
    void aBodyThatNobodyWantsIsReadAway() throws IOException {
        GenAuthStub.answer(token, GenAuthStub.FOUR_TYPES);
        try (RawConnection connection = new RawConnection(gateway)) {
            ask(connection, "");
            for (int i = 0; i < 3; i++) {
                connection.send(head("Content-Length: 16000\r\n") + "x".repeat(16_000));
                assertTrue(connection.response().startsWith("HTTP/1.1 200 "));
            }
            assertTrue(ask(connection, "").startsWith("HTTP/1.1 200 "));
        }
        assertEquals(1, GenAuthStub.asked(token).size());
    }

    private String ask(RawConnection connection, String headers) throws IOException {
        return connection.send(head(headers)).response();
    }

    private String head(String headers) {
        return RawConnection.list(token).replace("\r\n\r\n", "\r\n" + headers + "\r\n");
    }

    private static String etag(String response) {
        Matcher etag = Pattern.compile("ETag: (\\S+)").matcher(response);
        assertTrue(etag.find(), response);
        return etag.group(1);
    }

    /** Without what time changes, and in any order. */
    private static Set<String> lines(String response) {
        return Set.of(response.replaceAll("(ttl=|Age: )\\d+", "$1").split("\r\n"));
    }
}
