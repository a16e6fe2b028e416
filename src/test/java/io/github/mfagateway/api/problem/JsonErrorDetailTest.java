package io.github.mfagateway.api.problem;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.github.mfagateway.api.StrictJsonCustomizer;
import io.github.mfagateway.genauth.EnrollmentVerification;
import io.github.mfagateway.genauth.NewEnrollment;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class JsonErrorDetailTest {

    private static final Pattern KNOWN = Pattern.compile("The body has text after the JSON object"
            + "|The body must be a JSON object"
            + "|The body is nested too deeply, or a name or a number in it is too long"
            + "|The body is not JSON in UTF-8(, see line \\d+, column \\d+)?"
            + "|(A member|factorType|externalPhoto|email) appears twice"
            + "|(factorType|email) must be a string"
            + "|externalPhoto must be true or false");

    private final ObjectMapper json = new ObjectMapper();

    JsonErrorDetailTest() {
        new StrictJsonCustomizer().customize(json);
    }

    @Property(tries = 5000)
    void whateverABodyHoldsItsErrorIsOneOfOurSentences(@ForAll("bodies") byte[] body) {
        for (Class<?> type : List.of(NewEnrollment.class, EnrollmentVerification.class)) {
            try {
                json.reader().forType(type).readValue(new ByteArrayInputStream(body));
            } catch (IOException failure) {
                String detail = JsonErrorDetail.of(failure);
                assertTrue(KNOWN.matcher(detail).matches(), detail);
            }
        }
    }

    /** Most are nearly right, and one byte of most is changed. */
    @Provide
    Arbitrary<byte[]> bodies() {
        Arbitrary<String> names = Arbitraries.of("factorType", "externalPhoto", "email", "SECRET", "");
        Arbitrary<String> values = Arbitraries.of(
                "\"SECRET\"",
                "\"\u00e9\"",
                "7",
                "-1e999",
                "1".repeat(1001),
                "true",
                "null",
                "{}",
                "[SECRET]",
                "[".repeat(1001),
                "{\"SECRET\":1,\"SECRET\":2}",
                "SECRET");
        Arbitrary<String> documents = Combinators.combine(names, values)
                .as("\"%s\":%s"::formatted)
                .list()
                .ofMaxSize(4)
                .map(members -> "{" + String.join(",", members) + "}");
        Arbitrary<String> tails = Arbitraries.of("", " ", "\n", ",", "}", "]", "{}", "[", "7", "SECRET", "\"SECRET\"");
        Arbitrary<Integer> positions = Arbitraries.integers().between(0, 100);
        return Combinators.combine(documents, tails, positions, Arbitraries.bytes())
                .as((document, tail, position, value) -> {
                    byte[] body = (document + tail).getBytes(StandardCharsets.UTF_8);
                    if (position < body.length) {
                        body[position] = value;
                    }
                    return body;
                });
    }
}
