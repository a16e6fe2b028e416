package io.github.mfagateway.support;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A connection to the gateway that sends any bytes. */
public final class RawConnection implements AutoCloseable {

    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: (\\d+)");

    private final Socket socket;
    private final InputStream in;

    public RawConnection(URL gateway) throws IOException {
        this.socket = new Socket(gateway.getHost(), gateway.getPort());
        this.socket.setTcpNoDelay(true);
        this.socket.setSoTimeout(20_000);
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    public RawConnection send(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /** The same to a gateway that may have closed the connection already: then nothing is sent. */
    public RawConnection sendIfOpen(String bytes) throws IOException {
        try {
            return send(bytes);
        } catch (SocketException closed) {
            return this;
        }
    }

    public static String list(String token) {
        return "GET /mfa/factors/enrollable HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer " + token + "\r\n\r\n";
    }

    /** One response, head and body; empty if the connection ended instead. */
    public String response() throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = read();
            if (next < 0) {
                return head.toString();
            }
            head.append((char) next);
        }
        Matcher length = LENGTH.matcher(head);
        int bytes = length.find() ? Integer.parseInt(length.group(1)) : 0;
        return head + new String(in.readNBytes(bytes), StandardCharsets.UTF_8);
    }

    /** Everything until the gateway closes the connection. */
    public String rest() throws IOException {
        StringBuilder rest = new StringBuilder();
        for (int next = read(); next >= 0; next = read()) {
            rest.append((char) next);
        }
        return rest.toString();
    }

    private int read() throws IOException {
        try {
            return in.read();
        } catch (SocketException reset) {
            return -1;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
