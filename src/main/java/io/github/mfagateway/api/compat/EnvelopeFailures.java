package io.github.mfagateway.api.compat;

import java.time.Duration;
import java.util.function.Supplier;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;

import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

import io.github.mfagateway.api.problem.ProblemException;
import io.github.mfagateway.api.problem.RetryAfter;
import io.github.mfagateway.cache.NotCachedException;
import io.github.mfagateway.genauth.GenAuthException;
import io.github.mfagateway.genauth.GenAuthStatus;
import io.smallrye.mutiny.Uni;

/**
 * EnvelopeFailures in GenAuth's envelope. What GenAuth said comes as GenAuth says it, with HTTP 200; what only the gateway can say
 * has an HTTP status of its own.
 */
final class EnvelopeFailures {

    private EnvelopeFailures() {}

    static Uni<RestResponse<Object>> recovered(Supplier<Uni<RestResponse<Object>>> call) {
        return Uni.createFrom()
                .deferred(call::get)
                .onFailure(EnvelopeFailures::isOurs)
                .recoverWithItem(EnvelopeFailures::answer);
    }

    private static boolean isOurs(Throwable failure) {
        return failure instanceof GenAuthException
                || failure instanceof ProblemException
                || failure instanceof NotCachedException
                || failure instanceof SdkCaller.OtherApplicationException;
    }

    private static RestResponse<Object> answer(Throwable failure) {
        if (failure instanceof ProblemException bad) {
            boolean noToken = bad.isAboutTheToken();
            return http(
                    200,
                    new ResponseEnvelope(noToken ? 401 : 400, bad.detail(), noToken ? 2020 : null, null, null),
                    null);
        } else if (failure instanceof SdkCaller.OtherApplicationException) {
            return http(200, ResponseEnvelope.failure(403, failure.getMessage()), null);
        } else if (failure instanceof NotCachedException) {
            return http(
                    504, ResponseEnvelope.failure(504, "nothing in memory, and the request says only-if-cached"), null);
        }
        return answer((GenAuthException) failure);
    }

    private static RestResponse<Object> answer(GenAuthException failure) {
        GenAuthStatus genauthStatus = failure.genauthStatus().orElse(null);
        return switch (failure.kind()) {
            case TOKEN_REJECTED -> said(refusal(genauthStatus, 401, 2020), failure);
            case USER_FORBIDDEN -> said(refusal(genauthStatus, 403, null), failure);
            case INPUT_REJECTED, REJECTED, FAILED ->
                genauthStatus != null && genauthStatus.statusCode() != 200
                        ? said(genauthStatus, failure)
                        : ours(502, failure);
            case TIMEOUT -> ours(504, failure);
            case THROTTLED -> ours(429, failure);
            case UNAVAILABLE, OVERLOADED -> ours(503, failure);
        };
    }

    private static RestResponse<Object> ours(int status, GenAuthException failure) {
        return http(
                status,
                ResponseEnvelope.failure(status, failure.getMessage()),
                failure.retryAfter().orElse(null));
    }

    /** GenAuth's own, or {@code statusCode} when GenAuth said 200 beside what makes it a rejection. */
    private static GenAuthStatus refusal(GenAuthStatus genauthStatus, int statusCode, Integer apiCode) {
        if (genauthStatus.statusCode() != 200) {
            return genauthStatus;
        }
        return new GenAuthStatus(
                statusCode,
                genauthStatus.apiCode() == null ? apiCode : genauthStatus.apiCode(),
                genauthStatus.requestId());
    }

    private static RestResponse<Object> said(GenAuthStatus genauthStatus, Throwable failure) {
        return http(
                200,
                new ResponseEnvelope(
                        genauthStatus.statusCode(),
                        failure.getMessage(),
                        genauthStatus.apiCode(),
                        genauthStatus.requestId(),
                        null),
                null);
    }

    private static RestResponse<Object> http(int status, ResponseEnvelope answer, Duration retryAfter) {
        ResponseBuilder<Object> response = ResponseBuilder.<Object>create(status)
                .entity(answer)
                .type(MediaType.APPLICATION_JSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
        if (retryAfter != null) {
            response.header(HttpHeaders.RETRY_AFTER, RetryAfter.seconds(retryAfter));
        }
        return response.build();
    }
}
