package io.github.mfagateway.factors;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/** A pipeline like a connection's, with what Vert.x does done by hand; what is at {@code /short} can be answered at once. */
class ShortcutTest {

    private final List<String> longWay = new ArrayList<>();
    private final List<ByteBuf> offered = new ArrayList<>();
    private final EmbeddedChannel connection = new EmbeddedChannel();
    private final ChannelHandlerContext vertx;

    ShortcutTest() {
        connection.pipeline().addLast("httpDecoder", new HttpRequestDecoder());
        connection.pipeline().addLast("httpEncoder", new HttpResponseEncoder());
        connection.pipeline().addLast("handler", new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext vertx, Object message) {
                if (message instanceof HttpRequest request) {
                    longWay.add(request.uri());
                    if (longWay.size() == 1) {
                        Shortcut.bring(vertx, ShortcutTest.this::answer);
                    }
                }
                ReferenceCountUtil.release(message);
            }
        });
        vertx = connection.pipeline().context("handler");
        // brings it
        ask("/first");
        answer("first");
        sent();
    }

    @AfterEach
    void nothingLeaks() {
        connection.finishAndReleaseAll();
        offered.forEach(out -> assertEquals(0, out.refCnt()));
    }

    @Test
    void whatCanBeAnsweredAtOnceGoesNoFurther() {
        ask("/short");

        assertEquals("answer to /short", sent());
        assertEquals(List.of("/first"), longWay);
    }

    @Test
    void whatCannotGoesTheLongWayAndWhatComesAfterItsAnswerDoesNot() {
        ask("/long");
        assertEquals("", sent());
        answer("long");
        assertTrue(sent().endsWith("long"));

        ask("/short");
        assertEquals("answer to /short", sent());
    }

    @Test
    void nobodyIsAnsweredBeforeWhoAskedEarlier() {
        ask("/long", "/short");
        assertEquals("", sent());
        answer("one");
        ask("/short");
        answer("two");
        answer("three");
        sent();
        ask("/short");

        assertEquals("answer to /short", sent());
        assertEquals(List.of("/first", "/long", "/short", "/short"), longWay);
    }

    @Test
    void whatWasAskedEarlierIsSentEarlierToo() {
        ask("/short", "/long");
        answer("long");

        assertTrue(sent().startsWith("answer to /short"));
    }

    @Test
    void toBeToldToContinueIsNoAnswer() {
        connection.writeInbound(Unpooled.copiedBuffer("GET /long HTTP/1.1\r\nContent-Length: 1\r\n\r\n", ISO_8859_1));
        vertx.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        connection.writeInbound(Unpooled.copiedBuffer("x" + request("/short"), ISO_8859_1));

        assertTrue(sent().startsWith("HTTP/1.1 100 "));
        assertEquals(List.of("/first", "/long", "/short"), longWay);
    }

    @Test
    void anAnswerInPiecesEndsWithItsLast() {
        ask("/long");
        vertx.writeAndFlush(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
        ask("/short");
        assertEquals(List.of("/first", "/long", "/short"), longWay);
        vertx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
        answer("the other");
        sent();

        ask("/short");
        assertEquals("answer to /short", sent());
    }

    @Test
    void behindARequestToCloseNothingIsAnswered() {
        connection.writeInbound(Unpooled.copiedBuffer(
                "GET /long HTTP/1.1\r\nConnection: close\r\n\r\n" + request("/short"), ISO_8859_1));
        answer("long");
        sent();
        ask("/short");

        assertEquals("", sent());
    }

    @Test
    void aCallerWhoReadsNothingIsLeftToVertx() {
        connection.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        ask("/short");

        assertEquals(List.of("/first", "/short"), longWay);
    }

    @Test
    void aSecondOneIsNotBrought() {
        Shortcut.bring(vertx, this::answer);
        connection.pipeline().remove(Shortcut.class);

        assertNull(connection.pipeline().get(Shortcut.class));
    }

    private boolean answer(HttpRequest request, ByteBuf out) {
        offered.add(out);
        boolean known = request.uri().equals("/short");
        if (known) {
            out.writeCharSequence("answer to " + request.uri(), ISO_8859_1);
        }
        return known;
    }

    private void ask(String... paths) {
        StringBuilder all = new StringBuilder();
        for (String path : paths) {
            all.append(request(path));
        }
        connection.writeInbound(Unpooled.copiedBuffer(all, ISO_8859_1));
    }

    private static String request(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: gateway\r\n\r\n";
    }

    /** As Vert.x does. */
    private void answer(String body) {
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.copiedBuffer(body, ISO_8859_1));
        response.headers().set("content-length", body.length());
        vertx.writeAndFlush(response);
    }

    private String sent() {
        StringBuilder sent = new StringBuilder();
        for (ByteBuf bytes = connection.readOutbound(); bytes != null; bytes = connection.readOutbound()) {
            sent.append(bytes.toString(ISO_8859_1));
            bytes.release();
        }
        return sent.toString();
    }
}
