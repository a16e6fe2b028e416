package io.github.mfagateway.genauth;

import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.core.HttpHeaders;

import io.github.mfagateway.config.GenAuthSettings;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.vertx.core.http.HttpClientRequest;

/** The headers of a request to GenAuth: token, language, address, trace ({@code null}s are not sent), and the app id. */
// the annotations are at methods, because the REST client reads fields by reflection
final class GenAuthHeaders {

    private String authorization;
    private String language;
    private String address;
    private String traceparent;
    private String tracestate;

    /** @param language unless the user has one; may be null */
    static GenAuthHeaders of(EndUser user, String language, Context trace) {
        GenAuthHeaders headers = new GenAuthHeaders();
        headers.authorization = user.token() == null ? null : user.token().asHeader();
        headers.language = user.language() == null ? language : user.language();
        headers.address = user.address();
        W3CTraceContextPropagator.getInstance().inject(trace, headers, GenAuthHeaders::setTraceHeader);
        return headers;
    }

    private static void setTraceHeader(GenAuthHeaders headers, String name, String value) {
        if (name.equals("traceparent")) {
            headers.traceparent = value;
        } else {
            headers.tracestate = value;
        }
    }

    /** The header's name is a setting, which {@link HeaderParam} cannot read. */
    static void addAppId(HttpClientRequest request, GenAuthSettings settings) {
        request.putHeader(settings.appIdHeader(), settings.appId().orElseThrow());
    }

    @HeaderParam(HttpHeaders.AUTHORIZATION)
    public String getAuthorization() {
        return authorization;
    }

    @HeaderParam("x-authing-lang")
    public String getLanguage() {
        return language;
    }

    @HeaderParam("x-real-ip")
    public String getAddress() {
        return address;
    }

    // https://www.w3.org/TR/trace-context/
    @HeaderParam("traceparent")
    public String getTraceparent() {
        return traceparent;
    }

    @HeaderParam("tracestate")
    public String getTracestate() {
        return tracestate;
    }
}
