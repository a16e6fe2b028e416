package io.github.mfagateway.support;

import io.quarkus.test.junit.callback.QuarkusTestBeforeEachCallback;
import io.quarkus.test.junit.callback.QuarkusTestMethodContext;
import io.restassured.RestAssured;
import io.restassured.filter.Filter;

/**
 * Has the gateway close each of REST Assured's connections after its response. REST Assured takes a new one for every request
 * and leaves it to the garbage collector, so that a thousand requests here and a thousand there come upon the gateway's bound.
 */
public class ClosedConnections implements QuarkusTestBeforeEachCallback {

    private static final Filter CLOSE = (request, response, next) -> {
        request.header("Connection", "close");
        return next.next(request, response);
    };

    @Override
    public void beforeEach(QuarkusTestMethodContext test) {
        RestAssured.replaceFiltersWith(CLOSE);
    }
}
