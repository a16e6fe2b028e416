package io.github.mfagateway.support;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Secrets with a word in them that is nowhere else. */
public final class Canary {

    public static final String WORD = "CANARY";

    public static final String FOUND = """
            {"statusCode":200,"data":{"enrollmentToken":"CANARY","otpData":{"qrCodeUri":"CANARY","qrCodeDataUrl":"CANARY",\
            "recoveryCode":"CANARY"},"factorId":"CANARY|otp","factorType":"OTP","profile":{"phoneNumber":"CANARY"}}}""";

    private final Set<String> secrets = ConcurrentHashMap.newKeySet();

    public Canary() {
        secrets.add(WORD);
    }

    /** A token no other test has. Its claims are looked for too: spelled in Base64 they do not show the word. */
    public String token() {
        String token = Tokens.jwt("c0ffee" + WORD + "c0ffee", Instant.now().plusSeconds(600)) + WORD;
        secrets.add(token.split("\\.")[1]);
        return token;
    }

    public void isNotIn(String what, Collection<String> texts) {
        assertEquals(
                List.of(),
                texts.stream()
                        .filter(text -> secrets.stream().anyMatch(text::contains))
                        .limit(3)
                        .toList(),
                "in " + what);
    }
}
