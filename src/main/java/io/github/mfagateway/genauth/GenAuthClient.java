package io.github.mfagateway.genauth;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;

import com.fasterxml.jackson.databind.JsonNode;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Tracer;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.mutiny.Uni;

/** The only door to GenAuth. Every call ends within {@code genauth.deadline}, with data or a {@link GenAuthException}. */
@Singleton
public class GenAuthClient {

    private final GenAuthApi api;
    private final GuardedEndpoint listFactorsToEnroll;
    private final GuardedEndpoint listEnrolledFactors;
    private final GuardedEndpoint getFactor;
    private final GuardedEndpoint sendEnrollFactorRequest;
    private final GuardedEndpoint enrollFactor;
    private final GuardedEndpoint resetFactor;

    GenAuthClient(GenAuthApi api, GenAuthSettings settings, MeterRegistry registry, Tracer tracer) {
        this.api = api;
        var common =
                new GuardedEndpoint.Common(settings.deadline(), new Admission(settings, registry), registry, tracer);
        this.listFactorsToEnroll = GuardedEndpoint.list("list-factors-to-enroll", common);
        this.listEnrolledFactors = GuardedEndpoint.list("list-enrolled-factors", common);
        this.getFactor = GuardedEndpoint.read("get-factor", common);
        this.sendEnrollFactorRequest = GuardedEndpoint.write("send-enroll-factor-request", common);
        this.enrollFactor = GuardedEndpoint.write("enroll-factor", common);
        this.resetFactor = GuardedEndpoint.write("reset-factor", common);
    }

    /** Types of the factors the user can still enroll, as GenAuth spells and orders them; unknown ones too. */
    public Uni<Accepted<List<String>>> listFactorsToEnroll(AccessToken token) {
        return call(listFactorsToEnroll, token, Shapes::factorTypes, api::listFactorsToEnroll);
    }

    /** The factors the user has bound. */
    public Uni<Accepted<List<EnrolledFactor>>> listEnrolledFactors(AccessToken token) {
        return call(listEnrolledFactors, token, Shapes::enrolledFactors, api::listEnrolledFactors);
    }

    public Uni<Accepted<EnrolledFactor>> getFactor(AccessToken token, String factorId) {
        return call(getFactor, token, Shapes::enrolledFactor, caller -> api.getFactor(caller, factorId));
    }

    /** Makes GenAuth send a code, or make a secret, for a new factor. */
    public Uni<Accepted<StartedEnrollment>> startEnrollment(AccessToken token, NewEnrollment enrollment) {
        return call(
                sendEnrollFactorRequest,
                token,
                Shapes::startedEnrollment,
                caller -> api.sendEnrollFactorRequest(caller, enrollment.asRequest()));
    }

    /** Binds a factor. After {@link GenAuthException.Failed} and {@link GenAuthException.TimedOut} it may be bound all the same. */
    public Uni<Accepted<Boolean>> enroll(AccessToken token, Proof proof) {
        return call(enrollFactor, token, Shapes::done, caller -> api.enrollFactor(caller, proof.asRequest()));
    }

    /** Unbinds a factor. After {@link GenAuthException.Failed} and {@link GenAuthException.TimedOut} it may be unbound all the same. */
    public Uni<Accepted<Boolean>> reset(AccessToken token, String factorId) {
        return call(
                resetFactor, token, Shapes::done, caller -> api.resetFactor(caller, new GenAuthApi.Reset(factorId)));
    }

    /** The breakers' states by operation. */
    Map<String, CircuitBreakerState> breakers() {
        Map<String, CircuitBreakerState> states = new TreeMap<>();
        for (GuardedEndpoint endpoint : List.of(
                listFactorsToEnroll,
                listEnrolledFactors,
                getFactor,
                sendEnrollFactorRequest,
                enrollFactor,
                resetFactor)) {
            states.put(endpoint.name(), endpoint.breaker());
        }
        return states;
    }

    private static <T> Uni<Accepted<T>> call(
            GuardedEndpoint endpoint,
            AccessToken token,
            Function<JsonNode, T> read,
            Function<GenAuthApi.Caller, Uni<Response>> exchange) {
        return endpoint.call(trace -> exchange.apply(GenAuthApi.Caller.of(token, trace))
                        .map(answer -> Envelope.open(answer, endpoint.isPost(), read)))
                .map(data -> Accepted.by(token, data));
    }
}
