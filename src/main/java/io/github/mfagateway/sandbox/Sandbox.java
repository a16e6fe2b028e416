package io.github.mfagateway.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;

/**
 * A stateful stand-in for GenAuth, with the same paths and envelope. Any token is a user: a JWT's
 * {@code sub}, else the token itself. Tokens that start with {@code expired} are rejected, with {@code locked} forbidden.
 * Every code is {@code 123456}.
 *
 * <p>{@code POST /sandbox/failure?http=502} makes every call fail with that status until {@code http=200}; with
 * {@code statusCode=429} in an envelope. {@code delay=ms} delays every call.
 */
public final class Sandbox {

    private final SandboxUsers users = new SandboxUsers();
    private final HttpServer server;
    private final Vertx vertx;

    private volatile int http = 200;
    private volatile int statusCode = 200;
    private volatile long delay;

    public Sandbox(Vertx vertx) {
        this.vertx = vertx;
        this.server = vertx.createHttpServer().requestHandler(this::handle);
    }

    /** @param port of the loopback interface; 0 for any free one */
    public Future<Integer> listen(int port) {
        return listen("127.0.0.1", port);
    }

    Future<Integer> listen(String address, int port) {
        return server.listen(port, address).map(HttpServer::actualPort);
    }

    public Future<Void> close() {
        return server.close();
    }

    private void handle(HttpServerRequest request) {
        if (request.path().equals("/sandbox/failure")) {
            http = Integer.parseInt(request.getParam("http", "200"));
            statusCode = Integer.parseInt(request.getParam("statusCode", "200"));
            delay = Long.parseLong(request.getParam("delay", "0"));
            request.response().setStatusCode(204).end();
            return;
        }
        request.body().onSuccess(body -> {
            if (delay > 0) {
                vertx.setTimer(delay, passed -> respond(request, body));
            } else {
                respond(request, body);
            }
        });
    }

    private void respond(HttpServerRequest request, Buffer body) {
        String authorization = request.getHeader("Authorization");
        if (statusCode != 200) {
            request.response().setStatusCode(http);
            send(request, SandboxUsers.failure(statusCode, null, "the stand-in fails"));
        } else if (http != 200) {
            request.response()
                    .setStatusCode(http)
                    .putHeader("Content-Type", "text/html")
                    .end("<h1>" + http + "</h1>");
        } else if (request.path().equals("/api/v3/check-app-id-secret")) {
            send(request, SandboxUsers.success(new JsonObject().put("valid", true)));
        } else if (authorization == null || token(authorization).startsWith("expired")) {
            send(request, SandboxUsers.failure(401, 2020, "尚未登录，无权限访问此请求"));
        } else if (token(authorization).startsWith("locked")) {
            send(request, SandboxUsers.failure(403, 2005, "用户已锁定"));
        } else {
            send(request, call(request, user(token(authorization)), body));
        }
    }

    private JsonObject call(HttpServerRequest request, String user, Buffer bytes) {
        try {
            return call(request, user, bytes.length() == 0 ? new JsonObject() : bytes.toJsonObject());
        } catch (DecodeException | ClassCastException wrongType) {
            return SandboxUsers.failure(400, null, "the body, or a member of it, has the wrong type");
        }
    }

    private JsonObject call(HttpServerRequest request, String user, JsonObject body) {
        return switch (request.method() + " " + request.path()) {
            case "GET /api/v3/list-factors-to-enroll" -> users.factorsToEnroll(user);
            case "GET /api/v3/list-enrolled-factors" -> users.enrolledFactors(user);
            case "GET /api/v3/get-factor" -> users.factor(user, request.getParam("factorId"));
            case "POST /api/v3/send-enroll-factor-request" -> users.start(user, body);
            case "POST /api/v3/enroll-factor" -> users.enroll(user, body);
            case "POST /api/v3/reset-factor" -> users.reset(user, body.getString("factorId"));
            default -> SandboxUsers.failure(404, null, "Not Found");
        };
    }

    private static String token(String authorization) {
        return authorization.replaceFirst("(?i)^Bearer ", "");
    }

    private static String user(String token) {
        String[] parts = token.split("\\.");
        if (parts.length != 3) {
            return token;
        }
        try {
            byte[] claims = Base64.getUrlDecoder().decode(parts[1]);
            return new JsonObject(new String(claims, StandardCharsets.UTF_8)).getString("sub", token);
        } catch (IllegalArgumentException | DecodeException | ClassCastException noJwt) {
            return token;
        }
    }

    private static void send(HttpServerRequest request, JsonObject envelope) {
        HttpServerResponse response = request.response().putHeader("Content-Type", "application/json; charset=utf-8");
        response.end(envelope.put("requestId", UUID.randomUUID().toString()).encode());
    }
}
