package io.github.mfagateway.support;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

/** Tokens as GenAuth makes them, but for the signature. */
public final class Tokens {

    private Tokens() {}

    public static String jwt(String subject, Instant expires) {
        return base64("{\"alg\":\"RS256\"}") + "."
                + base64("{\"jti\":\"%s\",\"sub\":\"%s\",\"iat\":1612444871,\"exp\":%d,\"scope\":\"openid\"}"
                        .formatted(UUID.randomUUID(), subject, expires.getEpochSecond()))
                + ".c2lnbmF0dXJl";
    }

    private static String base64(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
