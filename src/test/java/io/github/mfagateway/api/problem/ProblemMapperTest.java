package io.github.mfagateway.api.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;

import jakarta.ws.rs.core.UriInfo;

import org.jboss.resteasy.reactive.RestResponse;
import org.junit.jupiter.api.Test;

import io.github.mfagateway.api.compat.ResponseEnvelope;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

class ProblemMapperTest {

    private final ProblemMapper problems = new ProblemMapper(new InternalErrorLog(new SimpleMeterRegistry()));

    @Test
    void aDefectIsAProblem() {
        RestResponse<?> response = problems.defect(new IllegalStateException("secret"), asking("/mfa/factors"));

        assertEquals(500, response.getStatus());
        assertEquals("application/problem+json", response.getHeaderString("Content-Type"));
        assertEquals(Problem.INTERNAL_ERROR, response.getEntity());
    }

    @Test
    void aDefectIsAnEnvelopeWhereAProgramExpectsOne() {
        RestResponse<?> response =
                problems.defect(new IllegalStateException("secret"), asking("/api/v3/list-factors-to-enroll"));

        assertEquals(500, response.getStatus());
        assertEquals("application/json", response.getHeaderString("Content-Type"));
        assertEquals("no-store", response.getHeaderString("Cache-Control"));
        assertEquals(ResponseEnvelope.failure(500, Problem.INTERNAL_ERROR.title()), response.getEntity());
    }

    private static UriInfo asking(String path) {
        return (UriInfo) Proxy.newProxyInstance(
                UriInfo.class.getClassLoader(), new Class<?>[] {UriInfo.class}, (proxy, method, arguments) -> path);
    }
}
