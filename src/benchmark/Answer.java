import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * As much of HTTP as is needed to look at one answer.
 *
 * @param length of all that was sent, head included
 */
record Answer(int status, String head, int length) {

    static final String PATH = "/mfa/factors/enrollable";
    static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    static Answer to(int port, String token, String etag) throws IOException {
        try (Socket socket = new Socket(LOOPBACK, port)) {
            socket.getOutputStream().write(question(token, etag));
            return read(socket.getInputStream());
        }
    }

    static byte[] question(String token, String etag) {
        return ("GET " + PATH + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                        + (etag == null ? "" : "\r\nIf-None-Match: " + etag) + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    static Answer read(InputStream in) throws IOException {
        String head = head(in);
        int body = head.startsWith("HTTP/1.1 304") ? 0 : (int) Text.number(head, "(?i)content-length: (\\d+)");
        in.readNBytes(body);
        return new Answer((int) Text.number(head, "HTTP/1.1 (\\d+)"), head, head.length() + body);
    }

    /** To the empty line, or to the end. */
    static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            head.append((char) next);
            if (next == '\n' && head.length() > 3 && head.charAt(head.length() - 3) == '\n') {
                break;
            }
        }
        return head.toString();
    }

    String etag() {
        return Text.find(head, "(?i)etag: (\\S+)");
    }
}
