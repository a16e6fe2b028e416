import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.LongStream;

/**
 * What the servers are asked.
 *
 * @param tokens sent in turn
 * @param asksGenAuth whether every question is a new token's instead
 * @param sendsETag whether the caller has the answer already
 */
record Scenario(String name, String title, List<String> tokens, int connections, boolean asksGenAuth, boolean sendsETag) {

    static final int CONNECTIONS = 16;

    static final List<Scenario> COMPARED = List.of(
            hits("hits", "hits, one token of 32 characters", opaque(1)),
            hits("tokens", "hits, 10,000 tokens of 32 characters in turn", opaque(10_000)),
            hits("jwts", "hits, 10,000 JWTs of 0.8 KiB in turn", jwts(10_000)),
            new Scenario("unchanged", "304, one token", opaque(1), CONNECTIONS, false, true),
            new Scenario("misses", "misses, a new token each time", opaque(1), CONNECTIONS, true, false));

    static Scenario hits(String name, String title, List<String> tokens) {
        return new Scenario(name, title, tokens, CONNECTIONS, false, false);
    }

    static List<String> opaque(int count) {
        return LongStream.rangeClosed(1, count)
                .mapToObj(i -> "%032x".formatted(i * 0x9E3779B97F4A7C15L))
                .toList();
    }

    /** The claims of a GenAuth access token, and a signature of RS256's length. */
    static List<String> jwts(int count) {
        String header = part("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"6a2f3c1d\"}");
        return LongStream.rangeClosed(1, count)
                .mapToObj(i -> header + "."
                        + part(("{\"jti\":\"3YByyfvL0xoMP5wp%05d\",\"sub\":\"%024x\",\"iat\":1612444871,\"exp\":4102444800,"
                                        + "\"scope\":\"openid profile email phone offline_access\","
                                        + "\"iss\":\"https://steam-talk.genauth.ai/oidc\",\"aud\":\"60193c610f9117e7cb049159\"}")
                                .formatted(i, i))
                        + "." + part("%05d".formatted(i) + "-".repeat(251)))
                .toList();
    }

    private static String part(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }
}
