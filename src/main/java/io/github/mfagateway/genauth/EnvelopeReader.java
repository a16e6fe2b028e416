package io.github.mfagateway.genauth;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
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
 * GenAuth's {@code {statusCode, message, apiCode?, requestId?, data?}}. The HTTP status is usually 200, and only
 * {@code statusCode == 200} is success. An HTTP 4xx or 5xx may have no envelope, an HTML body, or no body.
 */
public final class EnvelopeReader {

    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // an exception's message must not quote GenAuth's response
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build()
            .readerFor(JsonNode.class);

    // bounds Retry-After, so that a wrong header cannot stop calls for a day
    private static final long LONGEST_RETRY_AFTER = 60;

    /** An opened envelope whose call succeeded. */
    public record Envelope<T>(EnvelopeStatus status, T data) {}

    private EnvelopeReader() {}

    /**
     * Parses a response.
     *
     * @param post whether the call was a POST
     * @param takesInput whether the call sends the caller's input, so that GenAuth can reject it for that input
     * @param read maps {@code data} (null if absent) to the result; may throw {@link GenAuthException.Failed}
     * @throws GenAuthException unless HTTP status, {@code statusCode} and {@code data} all mean success
     */
    static <T> Envelope<T> open(Response response, boolean post, boolean takesInput, Function<JsonNode, T> read) {
        return open(
                response.getStatus(),
                post,
                takesInput,
                response.getHeaderString(HttpHeaders.RETRY_AFTER),
                body(response),
                read);
    }

    /** Null if there is none. The body has arrived whole, and no {@code MessageBodyReader} is needed. */
    private static byte[] body(Response response) {
        try (InputStream body = (InputStream) response.getEntity()) {
            return body == null ? null : body.readNBytes(body.available());
        } catch (IOException inMemory) {
            throw new UncheckedIOException(inMemory);
        }
    }

    static <T> Envelope<T> open(
            int http, boolean post, boolean takesInput, String retryAfter, byte[] bytes, Function<JsonNode, T> read) {
        JsonNode body = parse(bytes);
        EnvelopeStatus genauthStatus = genauthStatus(http, body);
        GenAuthException failure = failure(http, post, takesInput, retryAfter, genauthStatus);
        if (failure != null) {
            throw failure;
        }
        try {
            return new Envelope<>(genauthStatus, read.apply(body.hasNonNull("data") ? body.get("data") : null));
        } catch (GenAuthException.Failed invalid) {
            // GenAuth may respond like this to an unknown id
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

    private static EnvelopeStatus genauthStatus(int http, JsonNode body) {
        if (body == null || !body.path("statusCode").isInt()) {
            return null;
        }
        JsonNode apiCode = body.path("apiCode");
        return new EnvelopeStatus(
                http,
                body.get("statusCode").intValue(),
                apiCode.isInt() ? apiCode.intValue() : null,
                body.path("requestId").textValue(),
                body.path("message").textValue());
    }

    private static GenAuthException failure(
            int http, boolean post, boolean takesInput, String retryAfter, EnvelopeStatus genauthStatus) {
        int statusCode = genauthStatus == null ? http : genauthStatus.statusCode();
        if (genauthStatus == null && http >= 400 && http < 500 && http != 429) {
            // sent by a proxy in front of GenAuth, such as a firewall or an ingress
            return GenAuthException.Failed.rejectedByProxy(http);
        }
        if (http == 401 || statusCode == 401 || genauthStatus != null && genauthStatus.hasApiCode(2020)) {
            return GenAuthException.tokenRejected(genauthStatus);
        }
        if (http == 403
                || statusCode == 403
                || genauthStatus != null && genauthStatus.hasApiCode(2005, 2120008, 2130010)) {
            return GenAuthException.userForbidden(genauthStatus);
        }
        if (http == 429 || statusCode == 429) {
            return GenAuthException.throttled(delay(retryAfter), genauthStatus);
        }
        if (http >= 500 || statusCode >= 500) {
            int status = http >= 500 ? http : statusCode;
            boolean transientFailure = status == 502 || status == 503 || status == 504;
            return new GenAuthException.Failed("GenAuth failed with status " + status, transientFailure, genauthStatus);
        }
        if (http >= 400 || statusCode >= 400 || genauthStatus != null && genauthStatus.isAboutPlan()) {
            return takesInput && genauthStatus.isAboutInput()
                    ? GenAuthException.inputRejected(genauthStatus)
                    : GenAuthException.rejected(genauthStatus);
        }
        // a framework's default for a POST that creates something is 201; a GET creates nothing
        if (http != 200 && !(post && http == 201)) {
            return new GenAuthException.Failed("GenAuth responded with HTTP status " + http, false, genauthStatus);
        }
        if (genauthStatus == null) {
            return new GenAuthException.Failed(
                    "GenAuth responded with something that is not its JSON envelope", false, null);
        }
        if (statusCode != 200) {
            return new GenAuthException.Failed("GenAuth responded with statusCode " + statusCode, false, genauthStatus);
        }
        return null;
    }

    /** Delay in seconds (RFC 9110, section 10.2.3); the date form is not supported. */
    private static Duration delay(String seconds) {
        if (seconds == null || !seconds.matches("[0-9]{1,9}")) {
            return Duration.ofSeconds(1);
        }
        return Duration.ofSeconds(Math.max(1, Math.min(LONGEST_RETRY_AFTER, Long.parseLong(seconds))));
    }
}
