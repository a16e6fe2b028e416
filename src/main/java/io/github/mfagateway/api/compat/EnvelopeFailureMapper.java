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
import io.github.mfagateway.genauth.EnvelopeStatus;
import io.github.mfagateway.genauth.GenAuthException;
import io.smallrye.mutiny.Uni;

/**
 * Failures in GenAuth's envelope. A failure that GenAuth reports has GenAuth's {@code statusCode}, message and HTTP status, which
 * is usually 200. A failure of the gateway itself has its own HTTP status.
 */
final class EnvelopeFailureMapper {

    private EnvelopeFailureMapper() {}

    static Uni<RestResponse<Object>> recovered(Supplier<Uni<RestResponse<Object>>> call) {
        return Uni.createFrom()
                .deferred(call::get)
                .onFailure(EnvelopeFailureMapper::isExpected)
                .recoverWithItem(EnvelopeFailureMapper::response);
    }

    private static boolean isExpected(Throwable failure) {
        return failure instanceof GenAuthException
                || failure instanceof ProblemException
                || failure instanceof NotCachedException
                || failure instanceof SdkCredentials.OtherApplicationException;
    }

    private static RestResponse<Object> response(Throwable failure) {
        if (failure instanceof ProblemException bad) {
            boolean noToken = bad.isAboutTheToken();
            return http(
                    200,
                    new ResponseEnvelope(noToken ? 401 : 400, bad.detail(), noToken ? 2020 : null, null, null),
                    null);
        } else if (failure instanceof SdkCredentials.OtherApplicationException) {
            return http(200, ResponseEnvelope.failure(403, failure.getMessage()), null);
        } else if (failure instanceof NotCachedException) {
            return http(504, ResponseEnvelope.failure(504, "not cached, and the request has only-if-cached"), null);
        }
        return response((GenAuthException) failure);
    }

    private static RestResponse<Object> response(GenAuthException failure) {
        EnvelopeStatus genauthStatus = failure.genauthStatus().orElse(null);
        return switch (failure.kind()) {
            case TOKEN_REJECTED -> reported(rejection(genauthStatus, 401, 2020), failure);
            case USER_FORBIDDEN -> reported(rejection(genauthStatus, 403, null), failure);
            case INPUT_REJECTED, REJECTED, FAILED ->
                genauthStatus != null && genauthStatus.statusCode() != 200
                        ? reported(genauthStatus, failure)
                        : gatewayFailure(502, failure);
            case TIMEOUT -> gatewayFailure(504, failure);
            case THROTTLED ->
                genauthStatus == null
                        ? gatewayFailure(429, failure)
                        : reported(rejection(genauthStatus, 429, null), failure);
            case UNAVAILABLE, OVERLOADED -> gatewayFailure(503, failure);
        };
    }

    private static RestResponse<Object> gatewayFailure(int status, GenAuthException failure) {
        return http(
                status,
                ResponseEnvelope.failure(status, failure.getMessage()),
                failure.retryAfter().orElse(null));
    }

    /** GenAuth's status, or {@code statusCode} if GenAuth sent 200 with a rejecting apiCode or HTTP status. */
    private static EnvelopeStatus rejection(EnvelopeStatus genauthStatus, int statusCode, Integer apiCode) {
        if (genauthStatus.statusCode() != 200) {
            return genauthStatus;
        }
        return new EnvelopeStatus(
                genauthStatus.http(),
                statusCode,
                genauthStatus.apiCode() == null ? apiCode : genauthStatus.apiCode(),
                genauthStatus.requestId(),
                genauthStatus.message());
    }

    private static RestResponse<Object> reported(EnvelopeStatus genauthStatus, GenAuthException failure) {
        boolean httpFailure = genauthStatus.http() >= 400;
        return http(
                httpFailure ? genauthStatus.http() : 200,
                new ResponseEnvelope(
                        genauthStatus.statusCode(),
                        genauthStatus.message() == null ? failure.getMessage() : genauthStatus.message(),
                        genauthStatus.apiCode(),
                        genauthStatus.requestId(),
                        null),
                httpFailure ? failure.retryAfter().orElse(null) : null);
    }

    private static RestResponse<Object> http(int status, ResponseEnvelope envelope, Duration retryAfter) {
        ResponseBuilder<Object> response = ResponseBuilder.<Object>create(status)
                .entity(envelope)
                .type(MediaType.APPLICATION_JSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
        if (retryAfter != null) {
            response.header(HttpHeaders.RETRY_AFTER, RetryAfter.seconds(retryAfter));
        }
        return response.build();
    }
}
