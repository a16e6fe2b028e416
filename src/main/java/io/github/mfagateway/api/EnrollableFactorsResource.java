package io.github.mfagateway.api;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;

import org.jboss.resteasy.reactive.RestResponse;

import io.github.mfagateway.factors.CachedResponse;
import io.github.mfagateway.factors.EnrollableFactorsService;
import io.github.mfagateway.genauth.AccessToken;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;

@Path("/mfa/factors")
public class EnrollableFactorsResource {

    public static final String PATH = "/mfa/factors/enrollable";

    private final EnrollableFactorsService factors;

    EnrollableFactorsResource(EnrollableFactorsService factors) {
        this.factors = factors;
    }

    @GET
    @Path("/enrollable")
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<byte[]>> enrollable(@Context HttpServerRequest request) {
        AccessToken token = BearerToken.of(request);
        return factors.enrollable(token, CacheHeaders.directive(request)).map(found -> {
            CachedResponse stored = found.response();
            return CacheHeaders.response(request, found, stored.etag(), stored.body());
        });
    }
}
