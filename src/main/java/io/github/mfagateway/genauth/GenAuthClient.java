package io.github.mfagateway.genauth;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;

import com.fasterxml.jackson.databind.JsonNode;

import io.github.mfagateway.config.GenAuthSettings;
import io.github.mfagateway.genauth.EnvelopeReader.Envelope;
import io.github.mfagateway.genauth.resilience.CallLimiter;
import io.github.mfagateway.genauth.resilience.ResiliencePolicy;
import io.github.mfagateway.genauth.resilience.ResilientCall;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.mutiny.Uni;

/** The only caller of GenAuth. Every call ends within {@code genauth.deadline}, with data or a {@link GenAuthException}. */
@Singleton
public class GenAuthClient {

    private final GenAuthApi api;
    private final ResiliencePolicy reads;
    private final ResiliencePolicy writes;
    private final ResilientCall listFactorsToEnroll;
    private final ResilientCall listEnrolledFactors;
    private final ResilientCall getFactor;
    private final ResilientCall sendEnrollFactorRequest;
    private final ResilientCall enrollFactor;
    private final ResilientCall resetFactor;
    private final ResilientCall checkAppIdSecret;
    private final String language;

    GenAuthClient(GenAuthApi api, GenAuthSettings settings, MeterRegistry registry, Tracer tracer) {
        this.api = api;
        this.reads = ResiliencePolicy.reads(settings, registry);
        this.writes = ResiliencePolicy.writes(settings, registry);
        var common =
                new ResilientCall.Common(settings.deadline(), new CallLimiter(settings, registry), registry, tracer);
        this.listFactorsToEnroll = ResilientCall.list("list-factors-to-enroll", reads, common);
        this.listEnrolledFactors = ResilientCall.read("list-enrolled-factors", reads, common);
        this.getFactor = ResilientCall.read("get-factor", reads, common);
        this.sendEnrollFactorRequest = ResilientCall.write("send-enroll-factor-request", writes, common);
        this.enrollFactor = ResilientCall.write("enroll-factor", writes, common);
        this.resetFactor = ResilientCall.write("reset-factor", writes, common);
        this.checkAppIdSecret = ResilientCall.write("check-app-id-secret", writes, common);
        this.language = settings.language().orElse(null);
    }

    /** Types of the factors the user can still enroll, as GenAuth spells and orders them; unknown ones too. */
    public Uni<AcceptedTokenResponse<List<String>>> listFactorsToEnroll(AccessToken token) {
        return accepted(token, listFactorsToEnroll.call(listExchange(token)));
    }

    /** The same without a retry, for a caller who has a stale response. */
    public Uni<AcceptedTokenResponse<List<String>>> listFactorsToEnrollOnce(AccessToken token) {
        return accepted(token, listFactorsToEnroll.callOnce(listExchange(token)));
    }

    /** With the token and no other header of the user: the response is cached for all requests with this token. */
    private Function<Context, Uni<Envelope<List<String>>>> listExchange(AccessToken token) {
        EndUser user = new EndUser(token, null, null);
        return exchange(listFactorsToEnroll, user, EnvelopeDataParser::factorTypes, api::listFactorsToEnroll);
    }

    /** The factors the user has bound. */
    public Uni<AcceptedTokenResponse<List<EnrolledFactor>>> listEnrolledFactors(EndUser user) {
        return call(listEnrolledFactors, user, EnvelopeDataParser::enrolledFactors, api::listEnrolledFactors);
    }

    public Uni<AcceptedTokenResponse<EnrolledFactor>> getFactor(EndUser user, String factorId) {
        return call(getFactor, user, EnvelopeDataParser::enrolledFactor, headers -> api.getFactor(headers, factorId));
    }

    /** Makes GenAuth send a code, or generate a secret, for a new factor. */
    public Uni<AcceptedTokenResponse<StartedEnrollment>> startEnrollment(EndUser user, NewEnrollment enrollment) {
        return call(
                sendEnrollFactorRequest,
                user,
                EnvelopeDataParser::startedEnrollment,
                headers -> api.sendEnrollFactorRequest(headers, enrollment.asRequest()));
    }

    /** Binds a factor. After a failure that {@link GenAuthException#mayBeExecuted} it may be bound. */
    public Uni<AcceptedTokenResponse<Boolean>> enroll(EndUser user, EnrollmentVerification verification) {
        return call(
                enrollFactor,
                user,
                EnvelopeDataParser::done,
                headers -> api.enrollFactor(headers, verification.asRequest()));
    }

    /** Unbinds a factor. After a failure that {@link GenAuthException#mayBeExecuted} it may be unbound. */
    public Uni<AcceptedTokenResponse<Boolean>> reset(EndUser user, String factorId) {
        return call(
                resetFactor,
                user,
                EnvelopeDataParser::done,
                headers -> api.resetFactor(headers, new GenAuthApi.Reset(factorId)));
    }

    /**
     * Whether the secret is the application's, as GenAuth says it: null, or {@code {valid, message?}}.
     *
     * @param user without a token
     */
    public Uni<Envelope<JsonNode>> checkAppIdSecret(EndUser user, String appId, String appSecret) {
        GenAuthApi.AppSecret secret = new GenAuthApi.AppSecret(appId, appSecret);
        return checkAppIdSecret.call(
                exchange(checkAppIdSecret, user, data -> data, headers -> api.checkAppIdSecret(headers, secret)));
    }

    /** The circuit breakers' states, of reads and of writes. */
    Map<String, CircuitBreakerState> breakers() {
        return new TreeMap<>(Map.of(reads.calls(), reads.state(), writes.calls(), writes.state()));
    }

    private <T> Uni<AcceptedTokenResponse<T>> call(
            ResilientCall operation,
            EndUser user,
            Function<JsonNode, T> read,
            Function<GenAuthHeaders, Uni<Response>> exchange) {
        return accepted(user.token(), operation.call(exchange(operation, user, read, exchange)));
    }

    private static <T> Uni<AcceptedTokenResponse<T>> accepted(AccessToken token, Uni<Envelope<T>> response) {
        return response.map(envelope -> AcceptedTokenResponse.by(token, envelope));
    }

    private <T> Function<Context, Uni<Envelope<T>>> exchange(
            ResilientCall operation,
            EndUser user,
            Function<JsonNode, T> read,
            Function<GenAuthHeaders, Uni<Response>> exchange) {
        return trace -> exchange.apply(GenAuthHeaders.of(user, language, trace))
                .map(response -> EnvelopeReader.open(response, operation.isPost(), operation.takesInput(), read));
    }
}
