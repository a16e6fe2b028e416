package io.github.mfagateway.factors;

import java.util.concurrent.TimeUnit;

import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.config.inject.ConfigProperty;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;

/**
 * Refuses what no route should see: a request for another host (we are no proxy), a path that is spelled otherwise than here,
 * and a body that says it is too long. Closes the connection of a body that does not arrive: the idle timeout sees only
 * silence, so a byte now and then would keep it open for ever (a head not, since the timeout counts decoded messages).
 */
@Singleton
class FrontDoor {

    private static final long PATIENCE = TimeUnit.SECONDS.toMillis(10);

    private static final String EXPECT = "Expect";

    // before every route
    static final int FIRST = 10_000;

    private final long longest;
    private final Refusal tooLong;
    private final Refusal misdirected;
    private final Refusal misspelled;

    /** Written once, in both faces' shapes. */
    private record Refusal(int status, String problem, String envelope) {
        static Refusal of(ObjectMapper json, int status, String type, String title, String what)
                throws JsonProcessingException {
            return new Refusal(
                    status,
                    json.writeValueAsString(Problem.of(status, type, title, what)),
                    json.writeValueAsString(GenAuthAnswer.failure(status, what)));
        }
    }

    FrontDoor(@ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize longest, ObjectMapper json)
            throws JsonProcessingException {
        this.longest = longest.asLongValue();
        this.tooLong = Refusal.of(
                json,
                413,
                "content-too-large",
                "Content Too Large",
                "The body is longer than " + this.longest + " bytes");
        this.misdirected = Refusal.of(
                json,
                421,
                "misdirected-request",
                "Misdirected Request",
                "This is no proxy: ask for a path, not for an address");
        this.misspelled = Refusal.of(
                json,
                400,
                "bad-request",
                "The request is not right",
                "The path has another spelling here: escapes only where there is need, no empty segment, no dots, no parameters");
    }

    void register(@Observes Filters filters) {
        filters.register(this::watch, FIRST);
    }

    private void watch(RoutingContext context) {
        HttpServerRequest request = context.request();
        Refusal refusal = refusal(request);
        if (refusal != null) {
            refuse(request, refusal);
            return;
        }
        boolean inChunks = request.headers().contains("Transfer-Encoding");
        if (inChunks || request.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
            context.vertx().setTimer(PATIENCE, late -> {
                if (!request.isEnded()) {
                    request.connection().close();
                }
            });
        }
        if (inChunks) {
            read(context);
        } else {
            context.next();
        }
    }

    /** Null for what may go on. */
    private Refusal refusal(HttpServerRequest request) {
        String target = request.uri();
        // RFC 9110, section 15.5.20: whose address it is cannot be known here
        if (!target.startsWith("/") && !target.equals("*")) {
            return misdirected;
        }
        if (!target.equals("*") && !Spelling.isOurs(target)) {
            return misspelled;
        }
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        // HTTP's decoder has seen to it that it is a number
        return length != null && Long.parseLong(length) > longest ? tooLong : null;
    }

    /** Its length shows only when it has come; the REST layer would let a worker thread wait for it. */
    private void read(RoutingContext context) {
        HttpServerRequest request = context.request();
        Buffer body = Buffer.buffer();
        request.handler(chunk -> {
            if (request.response().ended()) {
                return;
            }
            body.appendBuffer(chunk);
            if (body.length() > longest) {
                refuse(request, tooLong);
            }
        });
        request.endHandler(end -> {
            if (!request.response().ended()) {
                ((RoutingContextInternal) context).setBody(body);
                context.next();
            }
        });
        if ("100-continue".equalsIgnoreCase(request.getHeader(EXPECT))) {
            request.response().writeContinue();
            // or the REST layer says it again
            request.headers().remove(EXPECT);
        }
        request.resume();
    }

    private static void refuse(HttpServerRequest request, Refusal refusal) {
        Deafness.strike(request.connection());
        boolean sdk = request.path() != null && request.path().contains(ProblemMapper.GENAUTHS_FACE);
        request.response()
                .setStatusCode(refusal.status)
                .putHeader(HttpHeaders.CONTENT_TYPE, sdk ? MediaType.APPLICATION_JSON : Problem.MEDIA_TYPE)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("Connection", "close")
                .end(sdk ? refusal.envelope : refusal.problem)
                .onComplete(sent -> request.connection().close());
    }
}
