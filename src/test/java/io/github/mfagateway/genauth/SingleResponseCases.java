package io.github.mfagateway.genauth;

import static io.github.mfagateway.support.FaultyGenAuth.http;
import static io.github.mfagateway.support.FaultyGenAuth.write;
import static io.github.mfagateway.support.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.net.Socket;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.mfagateway.support.FaultyGenAuth;
import io.github.mfagateway.support.FaultyGenAuth.Behaviour;
import io.github.mfagateway.support.GenAuthStub;
import io.github.mfagateway.support.RawConnection;

/** GenAuth sends unsolicited responses, and all users share one connection to it. */
abstract class SingleResponseCases {

    /** With these the next user's request uses the same connection, if it is used again. */
    static final Map<String, String> ONE_CONNECTION = Map.of("genauth.max-concurrent", "1", "genauth.deadline", "10s");

    private static final String EARLY_HINTS = "HTTP/1.1 103 X\r\nLink: </style.css>; rel=preload\r\n\r\n";

    private final String first = GenAuthStub.freshToken();
    private final String second = GenAuthStub.freshToken();
    private final Map<String, Socket> sockets = new ConcurrentHashMap<>();

    /** Where the gateway under test lists factors. */
    abstract URL enrollable();

    static Stream<Arguments> interimResponses() {
        List<Arguments> all = new ArrayList<>();
        for (String interim : List.of(
                interim(102),
                interim(104),
                interim(199),
                EARLY_HINTS,
                interim(100),
                interim(102) + interim(104),
                interim(100) + EARLY_HINTS)) {
            for (Segments segments : Segments.values()) {
                all.add(arguments(interim, segments));
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{1}: {0}")
    @MethodSource("interimResponses")
    void interimResponsesAreSkippedAndNoCallerGetsAnothersResponse(String interim, Segments segments)
            throws IOException {
        behave(first, socket -> segments.send(socket, interim, factorsOf(first)));
        behave(second, socket -> write(socket, factorsOf(second)));

        assertServed(inTurn());

        assertEquals(sockets.get(first), sockets.get(second), "the connection is not used again");
        assertCached();
    }

    static Stream<String> surplus() {
        String stray = factorsOf("STRAY");
        return Stream.of(stray, stray.substring(0, 40), stray.substring(0, stray.length() - 3), "HTTP", "\r\n");
    }

    @ParameterizedTest
    @MethodSource("surplus")
    void whatFollowsAResponseClosesTheConnectionAndIsNotDelivered(String surplus) throws IOException {
        behave(first, socket -> write(socket, factorsOf(first) + surplus));
        behave(second, socket -> write(socket, factorsOf(second)));

        assertServed(inTurn());

        assertFalse(sockets.get(first) == sockets.get(second), "the connection is used again");
        assertCached();
    }

    @Test
    void aResponseOnAnIdleConnectionClosesItAndIsNotDelivered() throws Exception {
        CompletableFuture<Void> received = new CompletableFuture<>();
        CompletableFuture<Integer> afterwards = new CompletableFuture<>();
        behave(first, socket -> {
            write(socket, factorsOf(first));
            received.orTimeout(20, TimeUnit.SECONDS).join();
            pause(50);
            write(socket, factorsOf("STRAY"));
            afterwards.complete(read(socket));
        });
        behave(second, socket -> write(socket, factorsOf(second)));

        assertServed(List.of(list(first)), List.of(first));
        received.complete(null);

        assertEquals(-1, afterwards.get(20, TimeUnit.SECONDS));
        assertServed(List.of(list(second)), List.of(second));
        assertCached();
    }

    @Test
    void switchedProtocolsFailTheRequestAndWhatFollowsIsNotDelivered() throws IOException {
        behave(first, socket -> {
            write(socket, "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
            pause(100);
            write(socket, factorsOf("STRAY"));
        });
        behave(second, socket -> write(socket, factorsOf(second)));

        List<String> responses = inTurn();

        assertTrue(responses.get(0).startsWith("HTTP/1.1 502 "), responses.get(0));
        assertTrue(responses.get(0).contains("GenAuth switched protocols"), responses.get(0));
        assertServed(responses.subList(1, 2), List.of(second));
        assertServed(List.of(list(second)), List.of(second));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Date: x                      | 2500 | 4800
                    Keep-Alive: timeout=5        | 2500 | 4800
                    Keep-Alive: timeout=3        |  500 | 2500
                    Keep-Alive: timeout=2        |    0 |  900
                    Keep-Alive: timeout=0        |    0 |  900
                    Connection: foo, close       |    0 |  900
                    """)
    void idleConnectionsAreClosedBeforeNodeDoesAndBeforeGenAuthAnnounces(String header, long least, long most)
            throws Exception {
        CompletableFuture<Long> closed = new CompletableFuture<>();
        behave(first, socket -> {
            write(socket, factorsOf(first).replace("\r\n\r\n", "\r\n" + header + "\r\n\r\n"));
            long start = System.nanoTime();
            assertEquals(-1, read(socket));
            closed.complete(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        });

        assertServed(List.of(list(first)), List.of(first));

        long millis = closed.get(20, TimeUnit.SECONDS);
        assertTrue(least <= millis && millis <= most, "after " + millis + " ms");
    }

    /** Both callers' responses; the second calls while GenAuth has only the first one's request. */
    private List<String> inTurn() throws IOException {
        try (RawConnection one = new RawConnection(enrollable());
                RawConnection other = new RawConnection(enrollable())) {
            one.send(RawConnection.list(first));
            until("GenAuth is called", () -> FaultyGenAuth.requests(first) > 0);
            other.send(RawConnection.list(second));
            return List.of(one.response(), other.response());
        }
    }

    private String list(String token) throws IOException {
        try (RawConnection connection = new RawConnection(enrollable())) {
            return connection.send(RawConnection.list(token)).response();
        }
    }

    private void behave(String token, Behaviour behaviour) {
        FaultyGenAuth.behave(token, socket -> {
            socket.setTcpNoDelay(true);
            sockets.put(token, socket);
            behaviour.on(socket);
        });
    }

    private void assertServed(List<String> responses) {
        assertServed(responses, List.of(first, second));
    }

    private static void assertServed(List<String> responses, List<String> tokens) {
        for (int i = 0; i < tokens.size(); i++) {
            String response = responses.get(i);
            assertTrue(response.startsWith("HTTP/1.1 200 "), response);
            assertTrue(response.contains("{\"factors\":[{\"factorType\":\"" + tokens.get(i) + "\"}]}"), response);
        }
    }

    private void assertCached() throws IOException {
        assertServed(List.of(list(first), list(second)));
        assertEquals(1, FaultyGenAuth.requests(first));
        assertEquals(1, FaultyGenAuth.requests(second));
    }

    private static String interim(int status) {
        return "HTTP/1.1 " + status + " X\r\n\r\n";
    }

    /** A response with a type that only this token has. */
    private static String factorsOf(String token) {
        return http(200, "{\"statusCode\":200,\"data\":[{\"factorType\":\"%s\"}]}".formatted(token));
    }

    private static int read(Socket socket) {
        try {
            return socket.getInputStream().read();
        } catch (IOException reset) {
            return -1;
        }
    }

    private static void pause(int millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** How two responses are cut; the second begins 100 ms after the first unless they are sent together. */
    enum Segments {
        WHOLE {
            @Override
            void send(Socket socket, String interim, String response) throws IOException {
                write(socket, interim);
                pause(100);
                write(socket, response);
            }
        },
        HALVES {
            @Override
            void send(Socket socket, String interim, String response) throws IOException {
                halves(socket, interim);
                pause(100);
                halves(socket, response);
            }
        },
        BYTES {
            @Override
            void send(Socket socket, String interim, String response) throws IOException {
                bytes(socket, interim);
                pause(100);
                bytes(socket, response);
            }
        },
        TOGETHER {
            @Override
            void send(Socket socket, String interim, String response) throws IOException {
                write(socket, interim + response);
            }
        },
        OVERLAPPING {
            @Override
            void send(Socket socket, String interim, String response) throws IOException {
                write(socket, interim + response.substring(0, 20));
                pause(100);
                write(socket, response.substring(20));
            }
        };

        abstract void send(Socket socket, String interim, String response) throws IOException;

        private static void halves(Socket socket, String text) throws IOException {
            write(socket, text.substring(0, text.length() / 2));
            pause(20);
            write(socket, text.substring(text.length() / 2));
        }

        private static void bytes(Socket socket, String text) throws IOException {
            for (int i = 0; i < text.length(); i++) {
                write(socket, text.substring(i, i + 1));
            }
        }
    }
}
