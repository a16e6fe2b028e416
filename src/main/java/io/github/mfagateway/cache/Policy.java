package io.github.mfagateway.cache;

/** When memory answers (RFC 9111, RFC 5861): a pure function of age, windows, what the caller wants and how the load ended. */
final class Policy {

    enum Step {
        ANSWER,
        ANSWER_AND_REFRESH,
        ASK,
        GIVE_UP
    }

    private Policy() {}

    /** What to do with nothing in memory. */
    static Step step(Directive directive) {
        return directive == Directive.ONLY_IF_CACHED ? Step.GIVE_UP : Step.ASK;
    }

    /** What to do with an answer of this age (nanoseconds) in memory. */
    static Step step(long age, Windows windows, Directive directive) {
        if (directive == Directive.NO_CACHE) {
            return Step.ASK;
        }
        if (age < windows.fresh()) {
            return Step.ANSWER;
        }
        if (age < windows.revalidate()) {
            return directive == Directive.ONLY_IF_CACHED ? Step.ANSWER : Step.ANSWER_AND_REFRESH;
        }
        return step(directive);
    }

    /** Whether the old answer stands in for the one that could not be had. */
    static boolean answersInstead(long age, Windows windows, Directive directive, Outcome outcome) {
        return outcome == Outcome.UNAVAILABLE && directive != Directive.NO_CACHE && age < windows.staleOnError();
    }
}
