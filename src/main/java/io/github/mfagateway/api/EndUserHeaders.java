package io.github.mfagateway.api;

import java.util.List;
import java.util.regex.Pattern;

import io.github.mfagateway.genauth.AccessToken;
import io.github.mfagateway.genauth.EndUser;
import io.vertx.core.http.HttpServerRequest;

/** Reads the headers that GenAuth's SDKs send for a user. One that is malformed or repeated is not forwarded. */
public final class EndUserHeaders {

    // RFC 5646, section 2.1, without extensions
    private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}");
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]{7,15}|[0-9A-Fa-f:.]{2,45}");

    private EndUserHeaders() {}

    static EndUser of(HttpServerRequest request) {
        return of(request, BearerToken.of(request));
    }

    public static EndUser of(HttpServerRequest request, AccessToken token) {
        return new EndUser(token, header(request, "x-authing-lang", LANGUAGE), header(request, "x-real-ip", ADDRESS));
    }

    private static String header(HttpServerRequest request, String name, Pattern format) {
        List<String> values = request.headers().getAll(name);
        return values.size() == 1 && format.matcher(values.get(0)).matches() ? values.get(0) : null;
    }
}
