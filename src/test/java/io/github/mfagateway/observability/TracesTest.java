package io.github.mfagateway.observability;

import static io.github.mfagateway.support.TraceCollector.hex;
import static io.github.mfagateway.support.Until.until;
import static io.restassured.RestAssured.given;
import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.github.tomakehurst.wiremock.http.RequestMethod;

import io.github.mfagateway.support.GenAuthStub;
import io.github.mfagateway.support.RawConnection;
import io.github.mfagateway.support.Tokens;
import io.github.mfagateway.support.TraceCollector;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;

/** What a collector is sent when one is configured. */
@QuarkusTest
@WithTestResource(GenAuthStub.class)
@WithTestResource(TraceCollector.class)
class TracesTest {

    private static final String CALLER = "00f067aa0ba902b7";

    @TestHTTPResource
    URL gateway;

    @Inject
    CircuitBreakerMaintenance breakers;

    private final String token = GenAuthStub.freshToken();
    private final String trace = UUID.randomUUID().toString().replace("-", "");

    @BeforeEach
    void closeBreakers() {
        breakers.resetAll();
    }

    @Test
    void aMissIsOneTraceFromTheCallerToGenAuth() {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);

        list().statusCode(200);

        List<Span> spans = spans(3);
        Span request = named(spans, "GET /mfa/factors/enrollable");
        assertEquals(SpanKind.SPAN_KIND_SERVER, request.getKind());
        assertEquals(CALLER, hex(request.getParentSpanId().toByteArray()));
        assertEquals("200", attributes(request).get("http.response.status_code"));
        assertEquals("/mfa/factors/enrollable", attributes(request).get("http.route"));
        assertEquals(
                "genauth-mfa-gateway; fwd=uri-miss; stored",
                attributes(request).get("http.response.header.cache-status"));
        Span call = named(spans, "GenAuth list-factors-to-enroll");
        assertEquals(request.getSpanId(), call.getParentSpanId());
        assertEquals("success", attributes(call).get("genauth.outcome"));
        assertEquals("closed", attributes(call).get("genauth.circuit_breaker.state"));
        Span exchange = named(spans, "GET /api/v3/list-factors-to-enroll");
        assertEquals(SpanKind.SPAN_KIND_CLIENT, exchange.getKind());
        assertEquals(call.getSpanId(), exchange.getParentSpanId());
        assertEquals(
                List.of("00-%s-%s-01".formatted(trace, hex(exchange.getSpanId().toByteArray()))),
                askedWithTraceparent());
        assertEquals("vendor=value", GenAuthStub.requests(token).get(0).getHeader("tracestate"));
        assertFalse(GenAuthStub.requests(token).get(0).containsHeader("baggage"));
    }

    /** W3C Trace Context, section 3.3.1.1. */
    @Test
    void tracestateInSeveralLinesIsJoinedAndAnEmptyOneLosesNothing() throws IOException {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        try (RawConnection connection = new RawConnection(gateway)) {
            String response = connection
                    .send(RawConnection.list(token)
                            .replace(
                                    "\r\n\r\n",
                                    "\r\ntraceparent: " + traceparent()
                                            + "\r\ntracestate: a=1\r\ntracestate: \r\ntracestate: b=2,c=3\r\n\r\n"))
                    .response();
            assertTrue(response.startsWith("HTTP/1.1 200 "), response);
        }
        assertEquals("a=1,b=2,c=3", GenAuthStub.requests(token).get(0).getHeader("tracestate"));
    }

    @Test
    void aRequestThatIsRejectedEarlyIsOneSpan() throws IOException {
        try (RawConnection connection = new RawConnection(gateway)) {
            connection
                    .send("GET http://other/secret HTTP/1.1\r\nHost: x\r\ntraceparent: " + traceparent() + "\r\n\r\n")
                    .response();
        }
        Span rejected = named(spans(1), "GET");
        assertEquals(CALLER, hex(rejected.getParentSpanId().toByteArray()));
        assertEquals("421", attributes(rejected).get("http.response.status_code"));
    }

    @Test
    void aHitIsOneSpan() {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        given().header("Authorization", "Bearer " + token).get("/mfa/factors/enrollable");

        list().statusCode(200);

        Span hit = named(spans(1), "GET /mfa/factors/enrollable");
        assertTrue(
                attributes(hit).get("http.response.header.cache-status").startsWith("genauth-mfa-gateway; hit; ttl="));
    }

    @Test
    void aHitOnAKnownConnectionIsOneSpanOfItsCallersToo() throws IOException {
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);
        String plain = RawConnection.list(token);
        String traced = plain.replace("\r\n\r\n", "\r\ntraceparent: " + traceparent() + "\r\n\r\n");
        try (RawConnection connection = new RawConnection(gateway)) {
            for (String request : List.of(plain, traced.replace("-01\r\n", "-00\r\n"), traced)) {
                assertTrue(connection.send(request).response().startsWith("HTTP/1.1 200 "));
            }
        }

        Span hit = named(spans(1), "GET /mfa/factors/enrollable");
        assertEquals(SpanKind.SPAN_KIND_SERVER, hit.getKind());
        assertEquals(CALLER, hex(hit.getParentSpanId().toByteArray()));
        assertEquals("200", attributes(hit).get("http.response.status_code"));
        assertEquals("/mfa/factors/enrollable", attributes(hit).get("http.route"));
        assertTrue(
                attributes(hit).get("http.response.header.cache-status").startsWith("genauth-mfa-gateway; hit; ttl="));
    }

    @Test
    void anUnsampledCallerStaysUnsampled() {
        String traced = this.trace;
        GenAuthStub.respond(token, GenAuthStub.FOUR_TYPES);

        list(token, "00-%s-%s-00".formatted(UUID.randomUUID().toString().replace("-", ""), CALLER))
                .statusCode(200);
        assertTrue(askedWithTraceparent().get(0).endsWith("-00"));

        // what was sent later has come, so what was not sent before will not
        list().statusCode(200);
        assertEquals(1, spans(1).size());
        String untraced =
                GenAuthStub.requests(token).get(0).getHeader("traceparent").substring(3, 35);
        assertFalse(untraced.equals(traced));
        assertEquals(List.of(), TraceCollector.spans(untraced));
    }

    @Test
    void aRetryHasASpanOfItsOwn() {
        for (int i = 0; i < 10; i++) {
            String earner = GenAuthStub.freshToken();
            GenAuthStub.respond(earner, GenAuthStub.FOUR_TYPES);
            given().header("Authorization", "Bearer " + earner).get("/mfa/factors/enrollable");
        }
        GenAuthStub.respond(
                token, GenAuthStub.json(503, "{\"statusCode\":503,\"requestId\":\"5f8b-1\",\"apiCode\":77}"));

        list().statusCode(502);

        List<Span> spans = spans(4);
        Map<String, String> call = attributes(named(spans, "GenAuth list-factors-to-enroll"));
        assertEquals("failed", call.get("genauth.outcome"));
        assertEquals("5f8b-1", call.get("genauth.request_id"));
        assertEquals("77", call.get("genauth.api_code"));
        List<Span> exchanges = spans.stream()
                .filter(span -> span.getKind() == SpanKind.SPAN_KIND_CLIENT)
                .toList();
        assertEquals(2, exchanges.size());
        assertEquals(
                1,
                exchanges.stream()
                        .filter(span -> "1".equals(attributes(span).get("http.request.resend_count")))
                        .count());
        spans.forEach(span ->
                assertEquals(StatusCode.STATUS_CODE_ERROR, span.getStatus().getCode(), span.getName()));
    }

    @Test
    void anOpenBreakerIsInTheSpanWithoutAnExchange() {
        for (int i = 0; i < 20; i++) {
            String failing = GenAuthStub.freshToken();
            GenAuthStub.respond(failing, GenAuthStub.json(500, "{\"statusCode\":500}"));
            given().header("Authorization", "Bearer " + failing).get("/mfa/factors/enrollable");
        }

        list().statusCode(503);

        Map<String, String> call = attributes(named(spans(2), "GenAuth list-factors-to-enroll"));
        assertEquals("unavailable", call.get("genauth.outcome"));
        assertEquals("open", call.get("genauth.circuit_breaker.state"));
    }

    @Test
    void noSpanHasATokenAUserOrAFactorInIt() throws IOException {
        String subject = "5f0a" + UUID.randomUUID();
        String factorId = subject + "|phone";
        String secret = Tokens.jwt(subject, Instant.now().plusSeconds(100_000));
        GenAuthStub.respond(
                secret,
                "{\"statusCode\":200,\"data\":{\"factorId\":\"%s\",\"factorType\":\"SMS\",\"profile\":{}}}"
                        .formatted(factorId));

        for (RequestMethod method : List.of(RequestMethod.GET, RequestMethod.DELETE)) {
            given().header("Authorization", "Bearer " + secret)
                    .header("traceparent", traceparent())
                    .request(method.getName(), "/mfa/factors/{id}", factorId);
        }
        given().header("Authorization", "Bearer " + secret)
                .header("traceparent", traceparent())
                .get("/nowhere/{id}?x={token}", factorId, secret)
                .then()
                .statusCode(404);

        List<Span> spans = spans(7);
        named(spans, "GET /mfa/factors/{factorId}");
        named(spans, "DELETE /mfa/factors/{factorId}");
        named(spans, "POST /api/v3/reset-factor");
        named(spans, "GET");
        String everything = TraceCollector.everything();
        assertTrue(everything.contains("reset-factor"));
        assertFalse(everything.contains(subject));
        assertFalse(everything.contains(secret.substring(0, 30)));
        assertFalse(everything.contains("nowhere"));
    }

    private ValidatableResponse list() {
        return list(token, traceparent());
    }

    private String traceparent() {
        return "00-%s-%s-01".formatted(trace, CALLER);
    }

    private static ValidatableResponse list(String token, String traceparent) {
        return given().header("Authorization", "Bearer " + token)
                .header("traceparent", traceparent)
                .header("tracestate", "vendor=value")
                .header("baggage", "userId=42")
                .get("/mfa/factors/enrollable")
                .then();
    }

    private List<String> askedWithTraceparent() {
        return GenAuthStub.requests(token).stream()
                .map(request -> request.getHeader("traceparent"))
                .toList();
    }

    private List<Span> spans(int count) {
        until(count + " spans", () -> TraceCollector.spans(trace).size() >= count);
        List<Span> spans = TraceCollector.spans(trace);
        assertEquals(count, spans.size(), spans::toString);
        return spans;
    }

    private static Span named(List<Span> spans, String name) {
        return spans.stream()
                .filter(span -> span.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not among "
                        + spans.stream().map(Span::getName).toList()));
    }

    private static Map<String, String> attributes(Span span) {
        return span.getAttributesList().stream().collect(toMap(KeyValue::getKey, each -> text(each.getValue())));
    }

    private static String text(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case INT_VALUE -> Long.toString(value.getIntValue());
            case ARRAY_VALUE -> text(value.getArrayValue().getValues(0));
            default -> value.toString();
        };
    }
}
