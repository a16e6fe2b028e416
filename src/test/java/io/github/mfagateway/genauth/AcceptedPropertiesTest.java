package io.github.mfagateway.genauth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

import io.github.mfagateway.support.Tokens;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NotBlank;

class AcceptedPropertiesTest {

    private static final EnvelopeReader.Envelope<String> DATA = new EnvelopeReader.Envelope<>(null, "data");

    @Property
    void aJwtTellsItsSubjectAndItsEnd(
            @ForAll @AlphaChars @NotBlank String subject, @ForAll @LongRange(min = 0, max = 4_000_000_000L) long exp) {
        AcceptedTokenResponse<String> accepted =
                AcceptedTokenResponse.by(new AccessToken(Tokens.jwt(subject, Instant.ofEpochSecond(exp))), DATA);

        assertEquals(Optional.of(subject), accepted.subject());
        assertEquals(Optional.of(Instant.ofEpochSecond(exp)), accepted.expires());
    }

    @Property
    void anyOtherTokenTellsNothing(@ForAll String token) {
        AcceptedTokenResponse<String> accepted = AcceptedTokenResponse.by(new AccessToken(token), DATA);

        assertEquals(Optional.empty(), accepted.subject());
        assertEquals(Optional.empty(), accepted.expires());
    }

    @Example
    void claimsOfOddTypesAreNone() {
        for (String claims :
                new String[] {"{\"sub\":7,\"exp\":\"soon\"}", "[]", "7", "{\"sub\":\"\",\"exp\":null}", "{"}) {
            String middle = Base64.getUrlEncoder().encodeToString(claims.getBytes(StandardCharsets.UTF_8));
            AcceptedTokenResponse<String> accepted =
                    AcceptedTokenResponse.by(new AccessToken("h." + middle + ".s"), DATA);
            assertEquals(Optional.empty(), accepted.subject());
            assertEquals(Optional.empty(), accepted.expires());
        }
    }
}
