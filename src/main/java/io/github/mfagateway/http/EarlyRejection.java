package io.github.mfagateway.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;

import io.github.mfagateway.api.compat.ResponseEnvelope;
import io.github.mfagateway.api.compat.RevocationResource;
import io.github.mfagateway.api.problem.Problem;
import io.github.mfagateway.api.problem.ProblemMapper;
import io.github.mfagateway.api.problem.ProblemType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;

/**
 * The rejection of a request below JAX-RS. The response is a problem, or GenAuth's envelope under GenAuth's paths. The
 * connection is closed, because bytes after a rejected request may be part of it (request smuggling).
 */
enum EarlyRejection {
    MALFORMED_REQUEST("The request is not well-formed HTTP/1.1"),
    MALFORMED_BODY("The body is not well-formed: check its chunks"),
    HOST("Send exactly one Host header with a host and an optional port"),
    TRANSFER_ENCODING("Transfer-Encoding can only be chunked, once, and without Content-Length"),
    TARGET(
            "Percent-encode what is not allowed in a path or query (RFC 3986); only the characters that need it in a path;"
                    + " no empty segments, dot segments or path parameters"),
    REQUEST_TIMEOUT(ProblemType.REQUEST_TIMEOUT, "The request was not complete in time"),
    BODY_TOO_LARGE(ProblemType.CONTENT_TOO_LARGE, "The body is longer than quarkus.http.limits.max-body-size"),
    LINE_TOO_LONG(ProblemType.URI_TOO_LONG, "The request line is longer than 4096 bytes"),
    CONTENT_ENCODING(ProblemType.UNSUPPORTED_MEDIA_TYPE, "Send the body without Content-Encoding"),
    EXPECTATION(ProblemType.EXPECTATION_FAILED, "The only expectation supported is 100-continue"),
    OTHER_HOST(ProblemType.MISDIRECTED_REQUEST, "This is no proxy: send a path instead of an absolute URI"),
    HEADERS_TOO_LARGE(
            ProblemType.REQUEST_HEADER_FIELDS_TOO_LARGE,
            "The headers are longer than quarkus.http.limits.max-header-size, or more than 100"),
    OVERLOADED(ProblemType.OVERLOADED, "Too many requests are being received or served"),
    HTTP_VERSION(ProblemType.HTTP_VERSION_NOT_SUPPORTED, "Use HTTP/1.1");

    private static final byte[] NOTHING = {};

    private final int status;
    private final byte[] problem;
    private final byte[] envelope;

    EarlyRejection(String detail) {
        this(ProblemType.BAD_REQUEST, detail);
    }

    EarlyRejection(ProblemType type, String detail) {
        this.status = type.status();
        JsonMapper json = new JsonMapper();
        try {
            this.problem = json.writeValueAsString(Problem.of(type, detail)).getBytes(UTF_8);
            this.envelope = json.writeValueAsString(ResponseEnvelope.failure(status, detail))
                    .getBytes(UTF_8);
        } catch (JsonProcessingException recordsOfStringsCanBeWritten) {
            throw new IllegalStateException(recordsOfStringsCanBeWritten);
        }
    }

    int status() {
        return status;
    }

    /**
     * Empty for the revocation of a token, as {@link RevocationResource} explains.
     *
     * @param request null if its head is incomplete
     */
    ByteBuf response(HttpRequest request) {
        String path = request == null ? "" : request.uri().split("\\?", 2)[0];
        if (RevocationResource.isRevocation(path)) {
            return Unpooled.EMPTY_BUFFER;
        }
        boolean sdk = ProblemMapper.isSdkPath(path);
        byte[] body = sdk ? envelope : problem;
        String head = "HTTP/1.1 " + HttpResponseStatus.valueOf(status)
                + "\r\nContent-Type: " + (sdk ? "application/json" : Problem.MEDIA_TYPE)
                + "\r\nContent-Length: " + body.length
                + "\r\nCache-Control: no-store\r\nConnection: close\r\nDate: " + DateHeader.value()
                + (this == OVERLOADED ? "\r\nRetry-After: 1" : "") + "\r\n\r\n";
        boolean headOnly = request != null && HttpMethod.HEAD.equals(request.method());
        return Unpooled.wrappedBuffer(head.getBytes(ISO_8859_1), headOnly ? NOTHING : body);
    }
}
