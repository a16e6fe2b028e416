package io.github.mfagateway.factors;

/** A failure of the caller's that is known before GenAuth is asked. Without a stack trace: it costs nothing. */
final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    ProblemException(Problem problem) {
        super(problem.title(), null, false, false);
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }
}
