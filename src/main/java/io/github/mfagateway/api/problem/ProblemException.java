package io.github.mfagateway.api.problem;

/** A failure of the caller's that is known before GenAuth is asked. Without a stack trace: it costs nothing. */
public final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        super(problem.title(), null, false, false);
        this.problem = problem;
    }

    /** What to do about it, in our own words. */
    public String detail() {
        return problem.detail();
    }

    public boolean isAboutTheToken() {
        return problem == Problem.MISSING_TOKEN || problem == Problem.MALFORMED_TOKEN;
    }

    Problem problem() {
        return problem;
    }
}
