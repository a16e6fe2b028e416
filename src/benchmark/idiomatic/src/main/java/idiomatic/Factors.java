package idiomatic;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.faulttolerance.Bulkhead;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.eclipse.microprofile.faulttolerance.Timeout;
import org.eclipse.microprofile.rest.client.inject.RestClient;

import io.quarkus.cache.CacheResult;
import io.smallrye.mutiny.Uni;

@ApplicationScoped
public class Factors {

    @RestClient
    GenAuth genauth;

    @ConfigProperty(name = "genauth.app-id")
    String appId;

    @CacheResult(cacheName = "factors")
    @Retry(maxRetries = 1)
    @CircuitBreaker(requestVolumeThreshold = 10)
    @Timeout(2500)
    @Bulkhead(value = 64, waitingTaskQueue = 64)
    public Uni<List<GenAuth.Factor>> enrollable(String token) {
        return genauth.list(token, appId).map(envelope -> {
            if (envelope.statusCode() != 200) {
                throw new IllegalStateException("GenAuth says " + envelope.statusCode());
            }
            return envelope.data();
        });
    }
}
