package io.github.mfagateway.api.problem;

/** An invalid request, found before GenAuth is called. Has no stack trace, because callers can cause any number. */
public final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        super(problem.title(), null, false, false);
        this.problem = problem;
    }

    /** The problem's detail. */
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
