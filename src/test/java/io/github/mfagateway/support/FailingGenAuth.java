package io.github.mfagateway.support;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

import io.github.mfagateway.support.FaultyGenAuth.Behaviour;

/** Every failure of GenAuth on a connection, with canaries in all its bytes. */
public final class FailingGenAuth {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    private static final String WHOLE = FaultyGenAuth.http(200, Canary.FOUND);

    private FailingGenAuth() {}

    public static List<Behaviour> behaviours() {
        List<Behaviour> behaviours = new ArrayList<>(List.of(
                FaultyGenAuth.SILENT,
                FaultyGenAuth.RESET_BEFORE_HEAD,
                socket -> {
                    FaultyGenAuth.write(socket, WHOLE.substring(0, 120));
                    FaultyGenAuth.RESET_BEFORE_HEAD.on(socket);
                },
                socket -> {
                    FaultyGenAuth.write(socket, OK + "Content-Length: 100000\r\n\r\nCANARY");
                    FaultyGenAuth.DRIBBLE.on(socket);
                },
                socket -> {
                    FaultyGenAuth.write(socket, OK + "X-CANARY: CANARY\r\nX-Slow: CANARY");
                    FaultyGenAuth.DRIBBLE_HEAD.on(socket);
                },
                socket -> {
                    byte[] body = gzip(Canary.FOUND);
                    FaultyGenAuth.write(
                            socket, OK + "Content-Encoding: gzip\r\nContent-Length: " + body.length + "\r\n\r\n");
                    socket.getOutputStream().write(body);
                }));
        said().forEach(said -> behaviours.add(socket -> {
            FaultyGenAuth.write(socket, said);
            socket.close();
        }));
        return behaviours;
    }

    private static Stream<String> said() {
        return Stream.of(
                WHOLE,
                WHOLE.substring(0, 120),
                "CANARY is no HTTP\r\n\r\n",
                "HTTP/1.1 CANARY\r\n\r\n",
                "HTTP/1.1 101 CANARY\r\nUpgrade: CANARY\r\n\r\nCANARY",
                "HTTP/1.1 102 CANARY\r\nX-CANARY: CANARY\r\n\r\n".repeat(20),
                WHOLE + WHOLE,
                "HTTP/1.1 200 CANARY\r\nCANARY\r\n\r\n",
                OK + "Content-Length: CANARY\r\n\r\n",
                OK + "Transfer-Encoding: chunked\r\n\r\nCANARY\r\nCANARY",
                OK + "Transfer-Encoding: CANARY\r\nContent-Encoding: CANARY\r\n\r\nCANARY",
                OK + "X-Long: " + Canary.WORD.repeat(20_000) + "\r\n\r\n",
                OK + "Content-Length: 90000\r\n\r\n" + Canary.WORD.repeat(15_000),
                WHOLE.replace("application/json", "CANARY")
                        .replace("\r\n\r\n", "\r\nSet-Cookie: CANARY\r\nDate: CANARY\r\nConnection: CANARY\r\n\r\n"),
                "HTTP/1.1 302 CANARY\r\nLocation: http://CANARY.example/CANARY\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 429 X\r\nRetry-After: CANARY\r\nContent-Length: 6\r\n\r\nCANARY",
                FaultyGenAuth.http(503, "CANARY"));
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
