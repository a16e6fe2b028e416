package io.github.mfagateway.genauth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class EnvelopePropertiesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Property
    void anyListOfTypesComesThroughAsItIs(@ForAll("types") List<String> types) {
        ObjectNode envelope = JSON.createObjectNode().put("statusCode", 200);
        ArrayNode data = envelope.putArray("data");
        types.forEach(type -> data.addObject().put("factorType", type).put("more", 1));

        assertEquals(
                types,
                EnvelopeReader.open(200, false, true, null, bytes(envelope.toString()), EnvelopeDataParser::factorTypes)
                        .data());
    }

    @Property
    void anyBytesEndInAListOrAGenAuthException(
            @ForAll byte[] bytes, @ForAll @IntRange(min = 200, max = 599) int http, @ForAll boolean post) {
        try {
            EnvelopeReader.open(http, post, true, null, bytes, EnvelopeDataParser::factorTypes);
            assertEquals(200, http);
        } catch (GenAuthException expected) {
            assertEquals(0, expected.getStackTrace().length);
        }
    }

    @Property
    void onlyTwiceTwoHundredIsSuccess(
            @ForAll @IntRange(min = 100, max = 700) int http, @ForAll @IntRange(min = 100, max = 700) int statusCode) {
        Optional<GenAuthException> failure = failure(http, false, statusCode);

        assertEquals(http == 200 && statusCode == 200, failure.isEmpty());
        failure.ifPresent(
                thrown -> assertEquals(http == 401 || statusCode == 401, thrown.kind() == FailureKind.TOKEN_REJECTED));
    }

    @Property
    void only201OfAPostIsASuccess(
            @ForAll boolean post,
            @ForAll @IntRange(min = 200, max = 202) int http,
            @ForAll @IntRange(min = 200, max = 202) int statusCode) {
        assertEquals(
                statusCode == 200 && (http == 200 || post && http == 201),
                failure(http, post, statusCode).isEmpty());
    }

    private static Optional<GenAuthException> failure(int http, boolean post, int statusCode) {
        byte[] body = bytes("{\"statusCode\":%d,\"data\":[]}".formatted(statusCode));
        try {
            EnvelopeReader.open(http, post, true, null, body, EnvelopeDataParser::factorTypes);
            return Optional.empty();
        } catch (GenAuthException failure) {
            return Optional.of(failure);
        }
    }

    @Property
    void nothingGenAuthSaysIsInAMessageOfOurs(
            @ForAll("types") List<String> words, @ForAll @IntRange(min = 300, max = 700) int statusCode) {
        String secret = "S3CRET" + words.hashCode();
        String body = "{\"statusCode\":%d,\"message\":\"%s\",\"data\":[{\"factorType\":\"%s\"}]}"
                .formatted(statusCode, secret, secret);
        try {
            EnvelopeReader.open(200, false, true, null, bytes(body), EnvelopeDataParser::factorTypes);
            assertTrue(false, "no failure");
        } catch (GenAuthException failure) {
            assertFalse((failure.getMessage() + failure.genauthStatus()).contains(secret));
        }
    }

    @Provide
    Arbitrary<List<String>> types() {
        return Arbitraries.strings()
                .ofMinLength(1)
                .ofMaxLength(20)
                .filter(type -> !type.isBlank())
                .list()
                .ofMaxSize(8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
