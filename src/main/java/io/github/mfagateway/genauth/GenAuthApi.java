package io.github.mfagateway.genauth;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import io.smallrye.mutiny.Uni;

/**
 * GenAuth's MFA factor management, as it stands on the wire. Every answer comes whole, whatever its status and type,
 * because GenAuth says success and failure in the body ({@link Envelope}); only a transport failure fails the {@code Uni}.
 */
@Path("/api/v3")
@Produces(MediaType.APPLICATION_JSON)
interface GenAuthApi {

    /** All factors that are enabled for the application and not yet bound by the user: {@code data} is {@code [{factorType}]}. */
    @GET
    @Path("/list-factors-to-enroll")
    Uni<Response> listFactorsToEnroll(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization);
}
