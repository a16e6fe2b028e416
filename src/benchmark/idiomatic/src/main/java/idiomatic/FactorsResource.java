package idiomatic;

import java.util.List;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;

import io.smallrye.mutiny.Uni;

@Path("/mfa/factors/enrollable")
public class FactorsResource {

    public record Enrollable(List<GenAuth.Factor> factors) {}

    private final Factors factors;

    FactorsResource(Factors factors) {
        this.factors = factors;
    }

    @GET
    public Uni<Enrollable> list(@HeaderParam("Authorization") String token) {
        return factors.enrollable(token).map(Enrollable::new);
    }
}
