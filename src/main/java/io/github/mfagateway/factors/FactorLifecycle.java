package io.github.mfagateway.factors;

import java.util.List;

import jakarta.inject.Singleton;

import io.github.mfagateway.genauth.Accepted;
import io.github.mfagateway.genauth.AccessToken;
import io.github.mfagateway.genauth.EnrolledFactor;
import io.github.mfagateway.genauth.FailureKind;
import io.github.mfagateway.genauth.GenAuthClient;
import io.github.mfagateway.genauth.GenAuthException;
import io.github.mfagateway.genauth.NewEnrollment;
import io.github.mfagateway.genauth.Proof;
import io.github.mfagateway.genauth.StartedEnrollment;
import io.smallrye.mutiny.Uni;

/** A user's factors: looked at, enrolled and reset. Nothing of it is remembered; what changes them ends what is. */
@Singleton
public class FactorLifecycle {

    private final GenAuthClient genauth;
    private final RememberedFactors remembered;

    FactorLifecycle(GenAuthClient genauth, RememberedFactors remembered) {
        this.genauth = genauth;
        this.remembered = remembered;
    }

    public Uni<List<EnrolledFactor>> enrolled(AccessToken token) {
        return watched(token, genauth.listEnrolledFactors(token)).map(Accepted::data);
    }

    public Uni<EnrolledFactor> enrolled(AccessToken token, String factorId) {
        Input.factorId(factorId);
        return watched(token, genauth.getFactor(token, factorId)).map(Accepted::data);
    }

    public Uni<StartedEnrollment> start(AccessToken token, NewEnrollment enrollment) {
        Input.check(enrollment);
        return watched(token, genauth.startEnrollment(token, enrollment)).map(Accepted::data);
    }

    public Uni<Void> enroll(AccessToken token, Proof proof) {
        Input.check(proof);
        return changing(token, genauth.enroll(token, proof));
    }

    public Uni<Void> reset(AccessToken token, String factorId) {
        Input.factorId(factorId);
        return changing(token, genauth.reset(token, factorId));
    }

    /** A caller who hangs up does not undo the deed, so what follows from it does not depend on the caller. */
    private Uni<Void> changing(AccessToken token, Uni<Accepted<Boolean>> write) {
        var done = watched(token, write)
                .onItem()
                .invoke(accepted -> remembered.changed(token, accepted.subject()))
                .onFailure(FactorLifecycle::mayBeDone)
                .invoke(() -> remembered.mayHaveChanged(token))
                .subscribeAsCompletionStage();
        return Uni.createFrom().completionStage(done::copy).replaceWithVoid();
    }

    /** A rejection of the token or its user ends what was cached before the call began, whatever the call was. */
    private <T> Uni<T> watched(AccessToken token, Uni<T> call) {
        return Uni.createFrom().deferred(() -> {
            RememberedFactors.CallStart start = remembered.start();
            return call.onFailure(FactorLifecycle::isRejection).invoke(() -> remembered.rejected(token, start));
        });
    }

    private static boolean isRejection(Throwable failure) {
        return switch (FailureKind.of(failure)) {
            case TOKEN_REJECTED, USER_FORBIDDEN -> true;
            case INPUT_REJECTED, REJECTED, FAILED, TIMEOUT, THROTTLED, UNAVAILABLE, OVERLOADED -> false;
        };
    }

    private static boolean mayBeDone(Throwable failure) {
        return failure instanceof GenAuthException genauth && genauth.mayBeExecuted();
    }
}
