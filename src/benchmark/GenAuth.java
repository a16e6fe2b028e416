import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The stand-in for GenAuth: always the same answer, three factors, and a count of the questions. */
final class GenAuth {

    private static final String BODY = "{\"statusCode\":200,\"message\":\"\",\"data\":"
            + "[{\"factorType\":\"OTP\"},{\"factorType\":\"SMS\"},{\"factorType\":\"EMAIL\"}]}";
    private static final byte[] ANSWER =
            ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nETag: \"three\"\r\nContent-Length: " + BODY.length()
                            + "\r\n\r\n" + BODY)
                    .getBytes(StandardCharsets.US_ASCII);

    final AtomicLong questions = new AtomicLong();
    volatile int delayMillis;
    private final ServerSocket socket;

    GenAuth() throws IOException {
        socket = new ServerSocket(0, 1024, Answer.LOOPBACK);
        daemon(() -> {
            while (true) {
                Socket caller = socket.accept();
                caller.setTcpNoDelay(true);
                daemon(() -> answer(caller));
            }
        });
    }

    int port() {
        return socket.getLocalPort();
    }

    private Void answer(Socket caller) throws IOException, InterruptedException {
        try (caller; InputStream in = new BufferedInputStream(caller.getInputStream(), 16 * 1024)) {
            while (!Answer.head(in).isEmpty()) {
                questions.incrementAndGet();
                TimeUnit.MILLISECONDS.sleep(delayMillis);
                caller.getOutputStream().write(ANSWER);
            }
        } catch (SocketException hungUp) {
            // a server that stops may
        }
        return null;
    }

    private static void daemon(Callable<Void> work) {
        Thread thread = new Thread(() -> {
            try {
                work.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
