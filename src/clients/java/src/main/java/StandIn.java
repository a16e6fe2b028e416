import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.stream.Collectors;

/** GenAuth's stand-in, told to fail. */
record StandIn(String url) {

    /** @param failure {@code http} and {@code delay}; empty for none */
    void fail(Map<String, String> failure) throws IOException, InterruptedException {
        String query = failure.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .collect(Collectors.joining("&"));
        HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(url + "/sandbox/failure?" + query))
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        BodyHandlers.discarding());
    }
}
