package io.github.mfagateway.api.compat;

import java.util.regex.Pattern;

import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;

import org.jboss.logging.Logger;

import io.github.mfagateway.observability.LogThrottle;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;

/**
 * The revocation of tokens, which this gateway does not carry. Closes the connection without a response, because the Python
 * and Go SDKs take any response, whatever its status, for a successful revocation.
 */
@Path("/{protocol: oidc|oauth}/token/revocation")
public class RevocationResource {

    private static final Pattern PATH = Pattern.compile("/+(oidc|oauth)/+token/+revocation/*");

    private static final Logger LOG = Logger.getLogger(RevocationResource.class);

    private final LogThrottle throttle = new LogThrottle(System::nanoTime);

    /** Whether a path, even one that is rejected, is meant for a revocation. */
    public static boolean isRevocation(String path) {
        return PATH.matcher(path).matches();
    }

    @POST
    public Uni<Void> revoke(@Context HttpServerRequest request) {
        throttle.next()
                .ifPresent(ending -> LOG.warnf(
                        "a caller sent a token's revocation, which belongs to GenAuth's own address%s", ending));
        request.connection().close();
        return Uni.createFrom().nothing();
    }
}
