package io.github.mfagateway.factors;

import java.util.List;

import jakarta.inject.Singleton;

import io.github.mfagateway.genauth.AcceptedTokenResponse;
import io.github.mfagateway.genauth.AccessToken;
import io.github.mfagateway.genauth.EndUser;
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

    public Uni<AcceptedTokenResponse<List<EnrolledFactor>>> enrolled(EndUser user) {
        return removingCachedOnRejection(user.token(), genauth.listEnrolledFactors(user));
    }

    public Uni<AcceptedTokenResponse<EnrolledFactor>> enrolled(EndUser user, String factorId) {
        return removingCachedOnRejection(user.token(), genauth.getFactor(user, factorId));
    }

    public Uni<AcceptedTokenResponse<StartedEnrollment>> start(EndUser user, NewEnrollment enrollment) {
        return removingCachedOnRejection(user.token(), genauth.startEnrollment(user, enrollment));
    }

    public Uni<AcceptedTokenResponse<Boolean>> enroll(EndUser user, EnrollmentVerification verification) {
        return changing(user.token(), genauth.enroll(user, verification));
    }

    public Uni<AcceptedTokenResponse<Boolean>> reset(EndUser user, String factorId) {
        return changing(user.token(), genauth.reset(user, factorId));
    }

    /** A caller who disconnects does not undo the write, so the invalidation does not depend on the caller. */
    private Uni<AcceptedTokenResponse<Boolean>> changing(AccessToken token, Uni<AcceptedTokenResponse<Boolean>> write) {
        var done = removingCachedOnRejection(token, write)
                .onItem()
                .invoke(accepted -> enrollable.changed(token, accepted.subject()))
                .onFailure(FactorService::mayBeExecuted)
                .invoke(() -> enrollable.mayHaveChanged(token))
                .subscribeAsCompletionStage();
        return Uni.createFrom().completionStage(done::copy);
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
