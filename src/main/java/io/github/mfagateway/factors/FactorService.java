package io.github.mfagateway.factors;

import java.util.List;

import jakarta.inject.Singleton;

import io.github.mfagateway.genauth.AcceptedResponse;
import io.github.mfagateway.genauth.AccessToken;
import io.github.mfagateway.genauth.EnrolledFactor;
import io.github.mfagateway.genauth.EnrollmentVerification;
import io.github.mfagateway.genauth.FailureKind;
import io.github.mfagateway.genauth.GenAuthClient;
import io.github.mfagateway.genauth.GenAuthException;
import io.github.mfagateway.genauth.NewEnrollment;
import io.github.mfagateway.genauth.StartedEnrollment;
import io.smallrye.mutiny.Uni;

/** Reads, enrolls and resets a user's factors. A change invalidates the user's cached lists. */
@Singleton
public class FactorService {

    private final GenAuthClient genauth;
    private final EnrollableFactorsService enrollable;

    FactorService(GenAuthClient genauth, EnrollableFactorsService enrollable) {
        this.genauth = genauth;
        this.enrollable = enrollable;
    }

    public Uni<List<EnrolledFactor>> enrolled(AccessToken token) {
        return removingCachedOnRejection(token, genauth.listEnrolledFactors(token))
                .map(AcceptedResponse::data);
    }

    public Uni<EnrolledFactor> enrolled(AccessToken token, String factorId) {
        return removingCachedOnRejection(token, genauth.getFactor(token, factorId))
                .map(AcceptedResponse::data);
    }

    public Uni<StartedEnrollment> start(AccessToken token, NewEnrollment enrollment) {
        return removingCachedOnRejection(token, genauth.startEnrollment(token, enrollment))
                .map(AcceptedResponse::data);
    }

    public Uni<Void> enroll(AccessToken token, EnrollmentVerification verification) {
        return changing(token, genauth.enroll(token, verification));
    }

    public Uni<Void> reset(AccessToken token, String factorId) {
        return changing(token, genauth.reset(token, factorId));
    }

    /** A caller who disconnects does not undo the write, so the invalidation does not depend on the caller. */
    private Uni<Void> changing(AccessToken token, Uni<AcceptedResponse<Boolean>> write) {
        var done = removingCachedOnRejection(token, write)
                .onItem()
                .invoke(accepted -> enrollable.changed(token, accepted.subject()))
                .onFailure(FactorService::mayBeExecuted)
                .invoke(() -> enrollable.mayHaveChanged(token))
                .subscribeAsCompletionStage();
        return Uni.createFrom().completionStage(done::copy).replaceWithVoid();
    }

    /** A rejection of the token or its user removes what was cached before the call began. */
    private <T> Uni<T> removingCachedOnRejection(AccessToken token, Uni<T> call) {
        return Uni.createFrom().deferred(() -> {
            EnrollableFactorsService.CallStart start = enrollable.start();
            return call.onFailure(FactorService::isRejection).invoke(() -> enrollable.rejected(token, start));
        });
    }

    private static boolean isRejection(Throwable failure) {
        return switch (FailureKind.of(failure)) {
            case TOKEN_REJECTED, USER_FORBIDDEN -> true;
            case INPUT_REJECTED, REJECTED, FAILED, TIMEOUT, THROTTLED, UNAVAILABLE, OVERLOADED -> false;
        };
    }

    private static boolean mayBeExecuted(Throwable failure) {
        return failure instanceof GenAuthException genauth && genauth.mayBeExecuted();
    }
}
