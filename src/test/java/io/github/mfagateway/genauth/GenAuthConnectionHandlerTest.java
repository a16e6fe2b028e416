package io.github.mfagateway.genauth;

import static io.github.mfagateway.support.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.mfagateway.support.Certificates;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.nio.AbstractNioChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.impl.ConnectionBase;

/** Vert.x' client with one connection and one event loop, and a server that sends bytes. */
class GenAuthConnectionHandlerTest {

    private static final Duration LONG = Duration.ofMinutes(5);

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Socket> accepted = new ArrayList<>();
    private final AtomicInteger unsolicited = new AtomicInteger();

    private HttpClient client;
    private ServerSocket server;
    private Duration maxAge = LONG;

    @TempDir
    Path folder;

    /** What the server does with a connection. */
    private interface Behaviour {
        void on(Socket socket) throws Exception;
    }

    /** What a caller gets. */
    private record Received(String body, String connection, String keepAlive) {}

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        server.close();
        threads.shutdownNow();
    }

    /** On an upgrade of Vert.x or Netty: the handlers' names and order, and the transport. */
    @Test
    void theHandlersReplaceVertxCodecOnce() throws Exception {
        serve(socket -> respondToAll(socket, ""));
        List<Class<?>> codecs = new ArrayList<>();
        List<List<String>> names = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            CompletableFuture<Received> response = send("/", request -> {
                ChannelPipeline pipeline = pipeline(request);
                codecs.add(pipeline.get("codec").getClass());
                install(request);
                names.add(pipeline.names());
                assertInstanceOf(
                        AbstractNioChannel.NioUnsafe.class, pipeline.channel().unsafe());
            });
            await(response);
        }

        assertEquals(List.of(HttpClientCodec.class, OneResponsePerRequestCodec.class), codecs);
        List<String> handlers = names.get(0).subList(0, 3);
        assertEquals(List.of("codec", "genauth", "handler"), handlers);
        assertEquals(names.get(0), names.get(1));
    }

    enum Transmission {
        PLAIN,
        TLS
    }

    @ParameterizedTest
    @EnumSource
    void whatArrivedBeforeARequestIsNotItsResponse(Transmission transmission) throws Exception {
        CompletableFuture<Void> sendStray = new CompletableFuture<>();
        CompletableFuture<Void> straySent = new CompletableFuture<>();
        CompletableFuture<Integer> afterwards = new CompletableFuture<>();
        serve(transmission, socket -> {
            respond(socket, head(socket));
            await(sendStray);
            write(socket, response("STRAY"));
            straySent.complete(null);
            afterwards.complete(read(socket));
        });
        await(send("/first", this::install));

        CompletableFuture<Received> second = send("/second", request -> {
            install(request);
            sendStray.complete(null);
            await(straySent);
            letArrive();
        });

        assertNotSent("GenAuth sent a response without a request", second);
        assertEquals(-1, await(afterwards), "the request was sent");
        assertEquals(1, unsolicited.get());
    }

    @Test
    void whatArrivedBeforeTheFirstRequestIsNotItsResponse() throws Exception {
        CompletableFuture<Void> sendStray = new CompletableFuture<>();
        CompletableFuture<Void> straySent = new CompletableFuture<>();
        CompletableFuture<Integer> afterwards = new CompletableFuture<>();
        serve(socket -> {
            await(sendStray);
            write(socket, response("STRAY"));
            straySent.complete(null);
            afterwards.complete(read(socket));
        });

        CompletableFuture<Received> first = send("/first", request -> {
            install(request);
            sendStray.complete(null);
            await(straySent);
            letArrive();
        });

        assertNotSent("GenAuth sent a response without a request", first);
        assertEquals(-1, await(afterwards), "the request was sent");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRequestOnAConnectionThatWasClosedIsNotSent(boolean reset) throws Exception {
        CompletableFuture<Void> close = new CompletableFuture<>();
        CompletableFuture<Void> closed = new CompletableFuture<>();
        serve(socket -> {
            respond(socket, head(socket));
            await(close);
            socket.setSoLinger(reset, 0);
            socket.close();
            closed.complete(null);
        });
        await(send("/first", this::install));

        CompletableFuture<Received> second = send("/second", request -> {
            install(request);
            close.complete(null);
            await(closed);
            letArrive();
        });

        assertNotSent("GenAuth closed the connection before the request was sent", second);
    }

    @ParameterizedTest
    @EnumSource
    void everyRequestGetsItsOwnResponseHoweverItIsFramedAndCut(Transmission transmission) throws Exception {
        Random random = new Random(42);
        serve(transmission, socket -> {
            for (String path = head(socket); path != null; path = head(socket)) {
                cut(socket, interim(random) + framed(path, random), random);
            }
        });

        for (int i = 0; i < 500; i++) {
            assertEquals("/" + i, await(send("/" + i, this::install)).body());
        }

        assertEquals(1, accepted.size());
        assertEquals(0, unsolicited.get());
    }

    @Test
    void aRequestWithABodyIsSentWhole() throws Exception {
        CompletableFuture<String> received = new CompletableFuture<>();
        serve(socket -> {
            head(socket);
            received.complete(new String(socket.getInputStream().readNBytes(10_000), StandardCharsets.US_ASCII));
            respond(socket, "/");
        });

        await(post("/", "x".repeat(10_000)));

        assertEquals("x".repeat(10_000), await(received));
    }

    @Test
    void aResponseThatEndsWithItsConnectionIsDeliveredAndTheNextRequestIsSentElsewhere() throws Exception {
        serve(socket -> {
            write(socket, "HTTP/1.1 200 OK\r\n\r\n" + head(socket));
            socket.close();
        });

        CompletableFuture<Received> first = send("/first", this::install);
        CompletableFuture<Received> second = send("/second", this::install);

        assertEquals("/first", await(first).body());
        assertEquals("close", await(first).connection());
        assertEquals("/second", await(second).body());
        assertEquals(2, accepted.size());
    }

    @Test
    void surplusIsNotDeliveredToTheRequestThatWaitsForTheConnection() throws Exception {
        serve(socket -> {
            write(socket, response(head(socket)) + response("STRAY"));
            read(socket);
        });

        CompletableFuture<Received> first = send("/first", this::install);
        CompletableFuture<Received> second = send("/second", this::install);

        assertEquals("/first", await(first).body());
        assertEquals("/second", await(second).body());
        assertEquals(2, accepted.size());
        assertEquals(2, unsolicited.get());
    }

    @Test
    void aResponseOnAnIdleConnectionClosesIt() throws Exception {
        CompletableFuture<Integer> afterwards = new CompletableFuture<>();
        CompletableFuture<Void> sendStray = new CompletableFuture<>();
        serve(socket -> {
            respond(socket, head(socket));
            await(sendStray);
            write(socket, response("STRAY"));
            afterwards.complete(read(socket));
        });
        await(send("/", this::install));

        sendStray.complete(null);

        assertEquals(-1, await(afterwards));
        assertEquals(1, unsolicited.get());
    }

    @ParameterizedTest
    @CsvSource({
        "101, 1,  GenAuth switched protocols",
        "102, 17, GenAuth sent too many interim responses",
    })
    void whatIsNoInterimResponseFailsTheRequest(int status, int times, String failure) throws Exception {
        CompletableFuture<Integer> afterwards = new CompletableFuture<>();
        serve(socket -> {
            write(socket, "HTTP/1.1 %d X\r\n\r\n".formatted(status).repeat(times) + response(head(socket)));
            afterwards.complete(read(socket));
        });

        GenAuthException.Failed failed = failure(send("/", this::install));

        assertEquals(failure, failed.getMessage());
        assertTrue(failed.mayBeExecuted());
        assertEquals(-1, await(afterwards));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
                    Date: now                           | timeout=3  | none
                    Keep-Alive: timeout=5               | timeout=3  | none
                    Keep-Alive: max=100, Timeout = "5"  | timeout=3  | none
                    Keep-Alive: timeout=3               | timeout=1  | none
                    Keep-Alive: timeout=11              | timeout=8  | none
                    Keep-Alive: timeout=600             | timeout=30 | none
                    Keep-Alive: timeout=2               | none       | close
                    Keep-Alive: timeout=0               | none       | close
                    Connection: keep-alive, Close       | none       | close
                    """)
    void aConnectionIsIdleForLessThanGenAuthAnnounces(String header, String keepAlive, String connection)
            throws Exception {
        serve(socket -> respondToAll(socket, header + "\r\n"));

        Received received = await(send("/", this::install));

        if (connection == null) {
            assertEquals(keepAlive, received.keepAlive());
            assertNull(received.connection());
            await(send("/", this::install));
            assertEquals(1, accepted.size());
        } else {
            assertEquals(connection, received.connection());
            until("the connection is closed", () -> read(accepted.get(0)) < 0);
        }
    }

    @Test
    void aConnectionIsReplacedAtItsMaximumAgeUnderSteadyTraffic() throws Exception {
        maxAge = Duration.ofMillis(300);
        serve(socket -> respondToAll(socket, ""));
        long start = System.nanoTime();
        await(send("/", this::install));

        until("there is a second connection", () -> {
            assertEquals("/steady", await(send("/steady", this::install)).body());
            return accepted.size() > 1;
        });

        assertTrue(System.nanoTime() - start >= 240_000_000L, "too early");
    }

    private void serve(Behaviour behaviour) throws Exception {
        serve(Transmission.PLAIN, behaviour);
    }

    private void serve(Transmission transmission, Behaviour behaviour) throws Exception {
        boolean tls = transmission == Transmission.TLS;
        client = vertx.createHttpClient(new HttpClientOptions()
                .setMaxPoolSize(1)
                .setKeepAliveTimeout(OneResponsePerRequestCodec.IDLE_SECONDS)
                .setSsl(tls)
                .setTrustAll(true)
                .setVerifyHost(false));
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        server = tls
                ? context().getServerSocketFactory().createServerSocket(0, 50, loopback)
                : new ServerSocket(0, 50, loopback);
        threads.submit(() -> {
            while (true) {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(20_000);
                synchronized (accepted) {
                    accepted.add(socket);
                }
                threads.submit(() -> {
                    try (socket) {
                        behaviour.on(socket);
                        return null;
                    }
                });
            }
        });
    }

    private SSLContext context() throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(new Certificates(folder).server("ip:127.0.0.1"))) {
            keys.load(file, Certificates.PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, Certificates.PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    /** @param beforeSending runs in the event loop, which reads nothing meanwhile */
    private CompletableFuture<Received> send(String path, Consumer<HttpClientRequest> beforeSending) {
        return send(HttpMethod.GET, path, "", beforeSending);
    }

    private CompletableFuture<Received> post(String path, String body) {
        return send(HttpMethod.POST, path, body, this::install);
    }

    private CompletableFuture<Received> send(
            HttpMethod method, String path, String body, Consumer<HttpClientRequest> beforeSending) {
        CompletableFuture<Received> received = new CompletableFuture<>();
        vertx.runOnContext(now -> client.request(method, server.getLocalPort(), "127.0.0.1", path)
                .compose(request -> {
                    beforeSending.accept(request);
                    return request.send(body);
                })
                .compose(response -> response.body()
                        .map(bytes -> new Received(
                                bytes.toString(), response.getHeader("Connection"), response.getHeader("Keep-Alive"))))
                .onSuccess(received::complete)
                .onFailure(received::completeExceptionally));
        return received;
    }

    private void install(HttpClientRequest request) {
        GenAuthConnectionHandler.install(request.connection(), maxAge, unsolicited::incrementAndGet);
    }

    private static ChannelPipeline pipeline(HttpClientRequest request) {
        return ((ConnectionBase) request.connection()).channel().pipeline();
    }

    private static void assertNotSent(String why, CompletableFuture<Received> response) {
        GenAuthException.Failed failed = failure(response);
        assertEquals(why, failed.getMessage());
        assertFalse(failed.mayBeExecuted());
        assertTrue(failed.isTransient());
    }

    private static GenAuthException.Failed failure(CompletableFuture<Received> response) {
        CompletionException thrown = assertThrows(CompletionException.class, () -> await(response));
        return assertInstanceOf(GenAuthException.Failed.class, thrown.getCause());
    }

    private static <T> T await(CompletableFuture<T> future) {
        return future.orTimeout(20, TimeUnit.SECONDS).join();
    }

    /** What was written to a loopback connection is in the other side's buffer long before. */
    private static void letArrive() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }

    private static void respondToAll(Socket socket, String headers) throws IOException {
        for (String path = head(socket); path != null; path = head(socket)) {
            write(socket, response(path, headers));
        }
    }

    private static void respond(Socket socket, String path) throws IOException {
        write(socket, response(path));
    }

    private static String response(String body) {
        return response(body, "");
    }

    private static String response(String body, String headers) {
        return "HTTP/1.1 200 OK\r\n" + headers + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String interim(Random random) {
        return List.of(
                        "",
                        "HTTP/1.1 100 Continue\r\n\r\n",
                        "HTTP/1.1 102 Processing\r\nX: y\r\n\r\n",
                        "HTTP/1.1 103 Early Hints\r\nLink: </>\r\n\r\nHTTP/1.1 199 X\r\nContent-Length: 5\r\n\r\n")
                .get(random.nextInt(4));
    }

    private static String framed(String body, Random random) {
        String chunk = Integer.toHexString(body.length()) + "\r\n" + body + "\r\n";
        String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        return List.of(
                        response(body),
                        chunked + chunk + "0\r\n\r\n",
                        chunked + "1;x=y\r\n/\r\n" + Integer.toHexString(body.length() - 1) + "\r\n" + body.substring(1)
                                + "\r\n0\r\nX-Trailer: z\r\n\r\n")
                .get(random.nextInt(3));
    }

    private static void cut(Socket socket, String text, Random random) throws IOException {
        int cuts = random.nextInt(4);
        int start = 0;
        for (int i = 0; i < cuts && start < text.length(); i++) {
            int end = start + 1 + random.nextInt(text.length() - start);
            write(socket, text.substring(start, end));
            LockSupport.parkNanos(random.nextInt(2_000_000));
            start = end;
        }
        write(socket, text.substring(start));
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** The path of the next request; null at the end of the connection. */
    private static String head(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = read(socket);
            if (next < 0) {
                return null;
            }
            head.append((char) next);
        }
        return head.substring(head.indexOf(" ") + 1, head.indexOf(" HTTP"));
    }

    private static int read(Socket socket) {
        try {
            return socket.getInputStream().read();
        } catch (IOException reset) {
            return -1;
        }
    }
}
