package io.github.mfagateway.support;

import static io.github.mfagateway.support.Until.until;

import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/** Callers with canaries in all they say. */
public final class Callers {

    public static final String PROOF =
            "{\"factorType\":\"SMS\",\"enrollmentToken\":\"CANARY\",\"passCode\":\"CANARY\"}";

    private final URL gateway;

    public Callers(URL gateway) {
        this.gateway = gateway;
    }

    public static String trace() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    public String list(String token) throws IOException {
        return list(token, trace());
    }

    public String list(String token, String trace) throws IOException {
        return send(head("GET", "/mfa/factors/enrollable", token, trace) + "\r\n");
    }

    public String listAnew(String token) throws IOException {
        return send(head("GET", "/mfa/factors/enrollable", token, trace()) + "Cache-Control: no-cache\r\n\r\n");
    }

    public String send(String token, String method, String path, String body) throws IOException {
        return send(head(method, path, token) + "Content-Type: application/json\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body);
    }

    public static boolean isFailure(String response) {
        // under /api/v3 a failure can be HTTP 200
        return !response.startsWith("HTTP/1.1 20")
                || response.contains("{\"statusCode\":") && !response.contains("{\"statusCode\":200,");
    }

    private String send(String bytes) throws IOException {
        try (RawConnection connection = new RawConnection(gateway)) {
            return connection.sendIfOpen(bytes).response();
        }
    }

    private static String head(String method, String path, String token) {
        return head(method, path, token, trace());
    }

    /** Of a traced caller, with baggage that is not for us. */
    private static String head(String method, String path, String token, String trace) {
        return method + " " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\ntraceparent: 00-"
                + trace + "-00f067aa0ba902b7-01\r\nbaggage: user=CANARY\r\n";
    }

    /** All requests are sent before the first response. */
    public List<String> atOnce(List<String> tokens) throws IOException {
        List<RawConnection> connections = new ArrayList<>();
        List<String> responses = new ArrayList<>();
        try {
            for (String token : tokens) {
                connections.add(new RawConnection(gateway).send(RawConnection.list(token)));
            }
            for (RawConnection connection : connections) {
                responses.add(connection.response());
            }
        } finally {
            for (RawConnection connection : connections) {
                connection.close();
            }
        }
        return responses;
    }

    /** Disconnect in a head, in a body, and while GenAuth is working. */
    public void hangUp(String token, IntSupplier asked) throws IOException {
        new RawConnection(gateway).send("GET /mfa/factors/CANARY%7Cotp HT").close();
        String post = head("POST", "/mfa/factors", token) + "Content-Type: application/json\r\n";
        new RawConnection(gateway)
                .send(post + "Content-Length: 500\r\n\r\n" + PROOF)
                .close();
        new RawConnection(gateway)
                .send(post + "Transfer-Encoding: chunked\r\n\r\nCANARY\r\n")
                .close();
        try (RawConnection waiting = new RawConnection(gateway)) {
            waiting.send(RawConnection.list(token));
            until("GenAuth is asked", () -> asked.getAsInt() > 0);
        }
    }

    /**
     * @param requests bytes as {@code HostileCallersTest} has them
     * @return the responses
     */
    public List<String> hostile(Stream<String> requests, String token) throws IOException {
        List<String> responses = new ArrayList<>();
        for (String request : requests.toList()) {
            responses.add(send(request.replace("Bearer hostile", "Bearer " + token)
                    .replaceAll("garbage|xxxxxx|genauth|123456789", Canary.WORD)));
        }
        String post = head("POST", "/mfa/factors", token) + "Content-Type: application/json\r\n";
        String chunks = "Transfer-Encoding: chunked\r\n\r\n";
        responses.add(send(post + chunks + ("1002\r\n" + Canary.WORD.repeat(683) + "\r\n").repeat(5) + "0\r\n\r\n"));
        responses.add(send(post + chunks + "CANARY\r\n"));
        responses.add(send(post + "Content-Length: CANARY\r\n\r\n"));
        responses.add(send(post + "CANARY\r\n\r\n"));
        responses.add(send(post + "Host: CANARY\r\nExpect: CANARY\r\nContent-Length: 0\r\n\r\n"));
        responses.add(send(post.replace("application/json", "CANARY") + "Content-Length: 6\r\n\r\nCANARY"));
        responses.add(send(post.replace("POST ", "GET ") + "Accept: CANARY\r\nIf-None-Match: CANARY\r\n\r\n"));
        responses.add(list(token + "\r\nAuthorization: Bearer CANARY"));
        responses.add(list(Canary.WORD.repeat(1400)));
        responses.add(list("CANARY CANARY"));
        responses.add(send(token, "GET", "/mfa/CANARY?access_token=CANARY", ""));
        return responses;
    }
}
