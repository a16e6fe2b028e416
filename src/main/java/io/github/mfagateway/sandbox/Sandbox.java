package io.github.mfagateway.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * A stand-in for GenAuth on a loopback port: same paths, same envelope, and it remembers. Any token is a user (a JWT's
 * {@code sub}, else the token itself), except that tokens starting with {@code expired} or {@code locked} are refused.
 *
 * <p>{@code POST /sandbox/failure?http=502} makes every call fail like that, {@code http=200} ends it; {@code delay=ms}
 * makes every call slow.
 */
public final class Sandbox {

    private static final List<String> ENABLED = List.of("OTP", "SMS", "EMAIL", "FACE");

    private final Map<String, Set<String>> enrolledByUser = new ConcurrentHashMap<>();
    private final HttpServer server;
    private final Vertx vertx;

    private volatile int http = 200;
    private volatile long delay;

    public Sandbox(Vertx vertx) {
        this.vertx = vertx;
        this.server = vertx.createHttpServer().requestHandler(this::handle);
    }

    /** @param port 0 for any free one */
    public Future<Integer> listen(int port) {
        return server.listen(port, "127.0.0.1").map(HttpServer::actualPort);
    }

    public Future<Void> close() {
        return server.close();
    }

    private void handle(HttpServerRequest request) {
        if (request.path().equals("/sandbox/failure")) {
            http = Integer.parseInt(request.getParam("http", "200"));
            delay = Long.parseLong(request.getParam("delay", "0"));
            request.response().setStatusCode(204).end();
        } else if (delay > 0) {
            vertx.setTimer(delay, passed -> answer(request));
        } else {
            answer(request);
        }
    }

    private void answer(HttpServerRequest request) {
        String authorization = request.getHeader("Authorization");
        if (http != 200) {
            request.response()
                    .setStatusCode(http)
                    .putHeader("Content-Type", "text/html")
                    .end("<h1>" + http + "</h1>");
        } else if (authorization == null || authorization.startsWith("Bearer expired")) {
            say(
                    request,
                    new JsonObject().put("statusCode", 401).put("apiCode", 2020).put("message", "尚未登录，无权限访问此请求"));
        } else if (authorization.startsWith("Bearer locked")) {
            say(
                    request,
                    new JsonObject().put("statusCode", 403).put("apiCode", 2005).put("message", "用户已锁定"));
        } else if (request.path().equals("/api/v3/list-factors-to-enroll")) {
            say(request, success(factorsToEnroll(user(authorization))));
        } else {
            say(request, new JsonObject().put("statusCode", 404).put("message", "Not Found"));
        }
    }

    private JsonArray factorsToEnroll(String user) {
        Set<String> enrolled = enrolledByUser.getOrDefault(user, Set.of());
        return ENABLED.stream()
                .filter(type -> !enrolled.contains(type))
                .map(type -> new JsonObject().put("factorType", type))
                .collect(Collectors.collectingAndThen(Collectors.toList(), JsonArray::new));
    }

    private static String user(String authorization) {
        String token = authorization.replaceFirst("(?i)^Bearer ", "");
        String[] parts = token.split("\\.");
        if (parts.length != 3) {
            return token;
        }
        byte[] claims = Base64.getUrlDecoder().decode(parts[1]);
        return new JsonObject(new String(claims, StandardCharsets.UTF_8)).getString("sub", token);
    }

    private static JsonObject success(Object data) {
        return new JsonObject().put("statusCode", 200).put("message", "操作成功").put("data", data);
    }

    private static void say(HttpServerRequest request, JsonObject envelope) {
        HttpServerResponse response = request.response().putHeader("Content-Type", "application/json; charset=utf-8");
        response.end(envelope.put("requestId", UUID.randomUUID().toString()).encode());
    }
}
