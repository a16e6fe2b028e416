package io.github.mfagateway.api.problem;

import java.io.CharConversionException;
import java.io.IOException;

import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;

import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;

import io.github.mfagateway.api.AllowedMethodsFilter;
import io.github.mfagateway.api.compat.ResponseEnvelope;
import io.github.mfagateway.cache.NotCachedException;
import io.github.mfagateway.genauth.GenAuthException;

/** Every failure a caller can see, as problem details: {@link ProblemType}. */
public class ProblemMapper {

    // there a program expects GenAuth's envelope, whatever it asked for
    public static final String GENAUTHS_FACE = "/api/v3";

    private final DefectLog defects = new DefectLog(System::nanoTime);

    @ServerExceptionMapper
    RestResponse<Problem> ours(ProblemException failure) {
        return answer(failure.problem()).build();
    }

    @ServerExceptionMapper
    RestResponse<Problem> memorys(NotCachedException nothing) {
        return answer(Problem.NOT_CACHED).build();
    }

    @ServerExceptionMapper
    RestResponse<Problem> genauths(GenAuthException failure) {
        ResponseBuilder<Problem> answer = answer(Problem.of(failure));
        failure.retryAfter().ifPresent(left -> answer.header(HttpHeaders.RETRY_AFTER, RetryAfter.seconds(left)));
        return answer.build();
    }

    /** What the REST layer refuses by itself: unknown path, method, media type, a body that is no JSON … */
    @ServerExceptionMapper
    RestResponse<?> frameworks(WebApplicationException failure, UriInfo uri) {
        return failure.getCause() instanceof JsonProcessingException unreadable
                ? unreadable(unreadable, uri)
                : answer(failure, uri).build();
    }

    /** RFC 9110, section 15.5.6: with {@code Allow}. */
    @ServerExceptionMapper
    RestResponse<?> wrongMethods(NotAllowedException failure, ContainerRequestContext request) {
        return answer(failure, request.getUriInfo())
                .allow(AllowedMethodsFilter.of(request))
                .build();
    }

    private static ResponseBuilder<?> answer(WebApplicationException failure, UriInfo uri) {
        Response.StatusType status = failure.getResponse().getStatusInfo();
        String reason = status.getReasonPhrase() == null ? "Refused" : status.getReasonPhrase();
        return isGenAuthsFace(uri)
                ? envelope(status.getStatusCode(), reason)
                : answer(Problem.of(status.getStatusCode(), reason));
    }

    private static boolean isGenAuthsFace(UriInfo uri) {
        return uri.getPath().startsWith(GENAUTHS_FACE);
    }

    @ServerExceptionMapper
    RestResponse<?> wrongShapes(MismatchedInputException failure, UriInfo uri) {
        return unreadable(failure, uri);
    }

    /** Jackson's, for bytes that begin like UTF-32 and are not; no other failure of a body comes past the REST layer. */
    @ServerExceptionMapper
    RestResponse<?> wrongBytes(CharConversionException failure, UriInfo uri) {
        return unreadable(failure, uri);
    }

    private static RestResponse<?> unreadable(IOException failure, UriInfo uri) {
        String detail = JsonErrorDetail.of(failure);
        return isGenAuthsFace(uri)
                ? envelope(400, detail).build()
                : answer(Problem.of(ProblemType.BAD_REQUEST, detail)).build();
    }

    @ServerExceptionMapper
    RestResponse<?> defects(Throwable failure, UriInfo uri) {
        defects.found(failure);
        return isGenAuthsFace(uri)
                ? envelope(500, Problem.INTERNAL_ERROR.title()).build()
                : answer(Problem.INTERNAL_ERROR).build();
    }

    private static ResponseBuilder<ResponseEnvelope> envelope(int status, String message) {
        return ResponseBuilder.<ResponseEnvelope>create(status)
                .entity(ResponseEnvelope.failure(status, message))
                .type(MediaType.APPLICATION_JSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    private static ResponseBuilder<Problem> answer(Problem problem) {
        ResponseBuilder<Problem> answer = ResponseBuilder.<Problem>create(problem.status())
                .entity(problem)
                .type(Problem.MEDIA_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
        String challenge = challenge(problem);
        return challenge == null ? answer : answer.header(HttpHeaders.WWW_AUTHENTICATE, challenge);
    }

    /** RFC 6750, section 3.1. */
    private static String challenge(Problem problem) {
        return switch (problem.type()) {
            case "/problems/missing-token" -> "Bearer";
            case "/problems/malformed-token" -> "Bearer error=\"invalid_request\"";
            case "/problems/token-refused" -> "Bearer error=\"invalid_token\"";
            default -> null;
        };
    }
}
