package idiomatic;

import java.util.List;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;

import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

import io.smallrye.mutiny.Uni;

@RegisterRestClient(configKey = "genauth")
@Path("/api/v3/list-factors-to-enroll")
interface GenAuth {

    record Factor(String factorType) {}

    record Envelope(int statusCode, List<Factor> data) {}

    @GET
    Uni<Envelope> list(@HeaderParam("Authorization") String token, @HeaderParam("x-authing-app-id") String appId);
}
