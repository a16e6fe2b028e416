import java.net.InetAddress;
import java.net.InetSocketAddress;

import com.sun.net.httpserver.HttpServer;

/** The stand-in for GenAuth beside an image that is tried: one answer, at the port that it prints. */
class GenAuth {

    private static final byte[] ANSWER = "{\"statusCode\":200,\"data\":[{\"factorType\":\"OTP\"}]}".getBytes();

    public static void main(String[] args) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, ANSWER.length);
            exchange.getResponseBody().write(ANSWER);
            exchange.close();
        });
        server.start();
        System.out.println(server.getAddress().getPort());
    }
}
