package io.github.mfagateway.cache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Responses of no size; a failure means what a test says. */
public class TestTraits<V> implements OriginAdapter<V> {

    /** How loads in the background ended. */
    public final List<LoadOutcome> revalidated = new ArrayList<>();

    /** The outcomes of failures that are not the origin's. */
    public Optional<Duration> notCalledFor = OriginAdapter.super.notCalledFor(null);

    private final Function<Throwable, LoadOutcome> outcomes;

    public TestTraits(Function<Throwable, LoadOutcome> outcomes) {
        this.outcomes = outcomes;
    }

    @Override
    public LoadOutcome outcome(Throwable failure) {
        return failure instanceof TimeoutException ? LoadOutcome.UNAVAILABLE : outcomes.apply(failure);
    }

    @Override
    public int bytes(V response) {
        return 0;
    }

    @Override
    public Throwable deadlinePassed() {
        return new TimeoutException();
    }

    @Override
    public Optional<Duration> notCalledFor(Throwable failure) {
        return notCalledFor;
    }

    @Override
    public synchronized void revalidated(LoadOutcome outcome) {
        revalidated.add(outcome);
    }
}
