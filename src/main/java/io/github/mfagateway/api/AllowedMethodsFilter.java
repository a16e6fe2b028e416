package io.github.mfagateway.api;

import java.util.Set;
import java.util.TreeSet;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;

import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.handlers.ClassRoutingHandler;
import org.jboss.resteasy.reactive.server.mapping.RequestMapper;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestContext;

/**
 * {@code Allow} (RFC 9110, section 10.2.1) for OPTIONS and 405, from the routing tables of Quarkus REST. Quarkus REST itself
 * responds to OPTIONS with the methods of the whole resource class, and sends no {@code Allow} with 405.
 */
@Provider
@PreMatching
public class AllowedMethodsFilter implements ContainerRequestFilter {

    @Override
    public void filter(ContainerRequestContext request) {
        if (!request.getMethod().equals(HttpMethod.OPTIONS)) {
            return;
        }
        Set<String> methods = of(request);
        if (methods.isEmpty()) {
            throw new NotFoundException();
        }
        request.abortWith(Response.ok()
                .allow(methods)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build());
    }

    /** The methods that {@link ClassRoutingHandler} has a route for; empty for a path without a resource. */
    public static Set<String> of(ContainerRequestContext request) {
        var context = (ResteasyReactiveRequestContext)
                ((ResteasyReactiveContainerRequestContext) request).getServerRequestContext();
        String path = context.getPathWithoutPrefix();
        var classes = new RequestMapper<>(context.getDeployment().getClassMappers());
        Set<String> methods = new TreeSet<>();
        for (var match = classes.map(path); match != null; match = classes.continueMatching(path, match)) {
            String remaining = match.remaining.isEmpty() ? "/" : match.remaining;
            ((ClassRoutingHandler) match.value.handlers[0]).getMappers().forEach((method, routes) -> {
                if (routes.map(remaining) != null) {
                    methods.add(method);
                }
            });
        }
        if (methods.contains(HttpMethod.GET)) {
            methods.add(HttpMethod.HEAD);
        }
        if (!methods.isEmpty()) {
            methods.add(HttpMethod.OPTIONS);
        }
        return methods;
    }
}
