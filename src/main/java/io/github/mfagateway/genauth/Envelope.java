package io.github.mfagateway.genauth;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Function;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * GenAuth's {@code {statusCode, message, apiCode?, requestId?, data?}}. HTTP is 200 unless said otherwise, and only
 * {@code statusCode == 200} is success; a real 4xx or 5xx may come without an envelope, with HTML, or with nothing.
 */
final class Envelope {

    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // an exception's text must not quote what GenAuth sent
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build()
            .readerFor(JsonNode.class);

    // longer promises are not believed, so that a broken header cannot silence us for a day
    private static final long LONGEST_RETRY_AFTER = 60;

    private Envelope() {}

    /**
     * What the answer carries.
     *
     * @param post whether the call was a POST
     * @param takesInput whether the call sends more than the token, so that GenAuth can reject it for what a caller sent
     * @param read turns {@code data} (null when absent or {@code null}) into what the call is for; may throw {@link GenAuthException.Failed}
     * @throws GenAuthException unless HTTP, {@code statusCode} and {@code data} are all as they should be
     */
    static <T> T open(Response answer, boolean post, boolean takesInput, Function<JsonNode, T> read) {
        byte[] body = answer.readEntity(byte[].class);
        return open(answer.getStatus(), post, takesInput, answer.getHeaderString(HttpHeaders.RETRY_AFTER), body, read);
    }

    static <T> T open(
            int http, boolean post, boolean takesInput, String retryAfter, byte[] bytes, Function<JsonNode, T> read) {
        JsonNode body = parse(bytes);
        GenAuthStatus verdict = verdict(body);
        GenAuthException failure = judge(http, post, takesInput, retryAfter, verdict);
        if (failure != null) {
            throw failure;
        }
        try {
            return read.apply(body.hasNonNull("data") ? body.get("data") : null);
        } catch (GenAuthException.Failed invalid) {
            // GenAuth may describe an unknown id so
            throw takesInput ? invalid.maybeByInput() : invalid;
        }
    }

    private static JsonNode parse(byte[] body) {
        try {
            return body == null ? null : JSON.readTree(body);
        } catch (IOException notJson) {
            return null;
        }
    }

    private static GenAuthStatus verdict(JsonNode body) {
        if (body == null || !body.path("statusCode").isInt()) {
            return null;
        }
        JsonNode apiCode = body.path("apiCode");
        return new GenAuthStatus(
                body.get("statusCode").intValue(),
                apiCode.isInt() ? apiCode.intValue() : null,
                body.path("requestId").textValue());
    }

    private static GenAuthException judge(
            int http, boolean post, boolean takesInput, String retryAfter, GenAuthStatus verdict) {
        int said = verdict == null ? http : verdict.statusCode();
        if (verdict == null && http >= 400 && http < 500 && http != 429) {
            // a firewall's or an ingress' page, say: GenAuth has not judged the call
            return GenAuthException.Failed.rejectedByProxy(http);
        }
        if (http == 401 || said == 401 || verdict != null && verdict.hasApiCode(2020)) {
            return GenAuthException.tokenRejected(verdict);
        }
        if (http == 403 || said == 403 || verdict != null && verdict.hasApiCode(2005, 2120008, 2130010)) {
            return GenAuthException.userForbidden(verdict);
        }
        if (http == 429 || said == 429) {
            return GenAuthException.throttled(delay(retryAfter), verdict);
        }
        if (http >= 500 || said >= 500) {
            int status = http >= 500 ? http : said;
            boolean passing = status == 502 || status == 503 || status == 504;
            return new GenAuthException.Failed("GenAuth failed with status " + status, passing, verdict);
        }
        if (http >= 400 || said >= 400 || verdict != null && verdict.isAboutPlan()) {
            return takesInput && verdict.isAboutInput()
                    ? GenAuthException.inputRejected(verdict)
                    : GenAuthException.rejected(verdict);
        }
        // a framework's default for a POST that made something is 201; a GET makes nothing
        if (http != 200 && !(post && http == 201)) {
            return new GenAuthException.Failed("GenAuth answered with HTTP status " + http, false, verdict);
        }
        if (verdict == null) {
            return new GenAuthException.Failed(
                    "GenAuth answered with something that is not its JSON envelope", false, null);
        }
        if (said != 200) {
            return new GenAuthException.Failed("GenAuth answered with statusCode " + said, false, verdict);
        }
        return null;
    }

    /** Delay in seconds (RFC 9110, section 10.2.3); the date form is not worth a clock. */
    private static Duration delay(String seconds) {
        if (seconds == null || !seconds.matches("[0-9]{1,9}")) {
            return Duration.ofSeconds(1);
        }
        return Duration.ofSeconds(Math.max(1, Math.min(LONGEST_RETRY_AFTER, Long.parseLong(seconds))));
    }
}
