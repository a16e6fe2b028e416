package io.github.mfagateway.api.problem;

import java.io.CharConversionException;
import java.io.IOException;
import java.util.regex.Pattern;

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

/** Maps every exception to problem details, or to GenAuth's envelope under GenAuth's paths. */
public class ProblemMapper {

    // anywhere, because a rejected path can have more before it: an SDK whose host ends in a slash sends two
    private static final Pattern SDK_PATH = Pattern.compile("/(api/v3|oidc|oauth)\\b");

    private static final String NO_SDK_PATH =
            "This gateway has only GenAuth's calls for MFA factors: make this call to GenAuth's own address";

    private final InternalErrorLog defects;

    ProblemMapper(InternalErrorLog defects) {
        this.defects = defects;
    }

    @ServerExceptionMapper
    RestResponse<Problem> invalidRequest(ProblemException failure) {
        return response(failure.problem()).build();
    }

    @ServerExceptionMapper
    RestResponse<Problem> notCached(NotCachedException failure) {
        return response(Problem.NOT_CACHED).build();
    }

    @ServerExceptionMapper
    RestResponse<Problem> genauthFailure(GenAuthException failure) {
        ResponseBuilder<Problem> response = response(Problem.of(failure));
        failure.retryAfter().ifPresent(left -> response.header(HttpHeaders.RETRY_AFTER, RetryAfter.seconds(left)));
        return response.build();
    }

    /** Rejections by Quarkus REST: unknown path, method, media type, invalid JSON … */
    @ServerExceptionMapper
    RestResponse<?> frameworkFailure(WebApplicationException failure, UriInfo uri) {
        return failure.getCause() instanceof JsonProcessingException unreadable
                ? unreadable(unreadable, uri)
                : response(failure, uri).build();
    }

    /** RFC 9110, section 15.5.6: with {@code Allow}. */
    @ServerExceptionMapper
    RestResponse<?> methodNotAllowed(NotAllowedException failure, ContainerRequestContext request) {
        return response(failure, request.getUriInfo())
                .allow(AllowedMethodsFilter.of(request))
                .build();
    }

    private static ResponseBuilder<?> response(WebApplicationException failure, UriInfo uri) {
        Response.StatusType status = failure.getResponse().getStatusInfo();
        String reason = status.getReasonPhrase() == null ? "Refused" : status.getReasonPhrase();
        return isSdkPath(uri)
                ? envelope(status.getStatusCode(), status.getStatusCode() == 404 ? NO_SDK_PATH : reason)
                : response(Problem.of(status.getStatusCode(), reason));
    }

    private static boolean isSdkPath(UriInfo uri) {
        return isSdkPath(uri.getPath());
    }

    /** Whether callers of this path expect GenAuth's envelope. */
    public static boolean isSdkPath(String path) {
        return SDK_PATH.matcher(path).find();
    }

    @ServerExceptionMapper
    RestResponse<?> mismatchedInput(MismatchedInputException failure, UriInfo uri) {
        return unreadable(failure, uri);
    }

    /** Thrown by Jackson for bytes that begin like UTF-32 but are not; Quarkus REST does not handle it. */
    @ServerExceptionMapper
    RestResponse<?> malformedCharacters(CharConversionException failure, UriInfo uri) {
        return unreadable(failure, uri);
    }

    private static RestResponse<?> unreadable(IOException failure, UriInfo uri) {
        String detail = JsonErrorDetail.of(failure);
        return isSdkPath(uri)
                ? envelope(400, detail).build()
                : response(Problem.of(ProblemType.BAD_REQUEST, detail)).build();
    }

    @ServerExceptionMapper
    RestResponse<?> defect(Throwable failure, UriInfo uri) {
        defects.found(failure);
        return isSdkPath(uri)
                ? envelope(500, Problem.INTERNAL_ERROR.title()).build()
                : response(Problem.INTERNAL_ERROR).build();
    }

    private static ResponseBuilder<ResponseEnvelope> envelope(int status, String message) {
        return ResponseBuilder.<ResponseEnvelope>create(status)
                .entity(ResponseEnvelope.failure(status, message))
                .type(MediaType.APPLICATION_JSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    private static ResponseBuilder<Problem> response(Problem problem) {
        ResponseBuilder<Problem> response = ResponseBuilder.<Problem>create(problem.status())
                .entity(problem)
                .type(Problem.MEDIA_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
        String challenge = challenge(problem);
        return challenge == null ? response : response.header(HttpHeaders.WWW_AUTHENTICATE, challenge);
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
