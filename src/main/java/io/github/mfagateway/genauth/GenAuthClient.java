package io.github.mfagateway.genauth;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;

import com.fasterxml.jackson.databind.JsonNode;

import io.micrometer.core.instrument.MeterRegistry;
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

    GenAuthClient(GenAuthApi api, GenAuthSettings settings, MeterRegistry registry) {
        this.api = api;
        Admission admission = new Admission(settings, registry);
        Duration deadline = settings.deadline();
        this.listFactorsToEnroll = GuardedEndpoint.read("list-factors-to-enroll", deadline, admission, registry);
        this.listEnrolledFactors = GuardedEndpoint.read("list-enrolled-factors", deadline, admission, registry);
        this.getFactor = GuardedEndpoint.read("get-factor", deadline, admission, registry);
        this.sendEnrollFactorRequest =
                GuardedEndpoint.write("send-enroll-factor-request", deadline, admission, registry);
        this.enrollFactor = GuardedEndpoint.write("enroll-factor", deadline, admission, registry);
        this.resetFactor = GuardedEndpoint.write("reset-factor", deadline, admission, registry);
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
        return call(getFactor, token, Shapes::enrolledFactor, bearer -> api.getFactor(bearer, factorId));
    }

    /** Makes GenAuth send a code, or make a secret, for a new factor. */
    public Uni<Accepted<StartedEnrollment>> startEnrollment(AccessToken token, NewEnrollment enrollment) {
        return call(
                sendEnrollFactorRequest,
                token,
                Shapes::startedEnrollment,
                bearer -> api.sendEnrollFactorRequest(bearer, enrollment.asRequest()));
    }

    /** Binds a factor. After {@link GenAuthException.Failed} and {@link GenAuthException.TimedOut} it may be bound all the same. */
    public Uni<Accepted<Boolean>> enroll(AccessToken token, Proof proof) {
        return call(enrollFactor, token, Shapes::done, bearer -> api.enrollFactor(bearer, proof.asRequest()));
    }

    /** Unbinds a factor. After {@link GenAuthException.Failed} and {@link GenAuthException.TimedOut} it may be unbound all the same. */
    public Uni<Accepted<Boolean>> reset(AccessToken token, String factorId) {
        return call(
                resetFactor, token, Shapes::done, bearer -> api.resetFactor(bearer, new GenAuthApi.Reset(factorId)));
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
            Function<String, Uni<Response>> exchange) {
        return endpoint.call(() -> exchange.apply(token.asHeader()).map(answer -> Envelope.open(answer, read)))
                .map(data -> Accepted.by(token, data));
    }
}
