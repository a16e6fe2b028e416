package io.github.mfagateway.cache;

import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The decision whether an answer of some age is given. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FreshnessBenchmark {

    private final FreshnessLifetimes lifetimes = new FreshnessLifetimes(
            TimeUnit.SECONDS.toNanos(30), TimeUnit.SECONDS.toNanos(60), TimeUnit.MINUTES.toNanos(10));
    private long age;

    @Benchmark
    public Object decision() {
        age = (age + 1_000_003) % lifetimes.end();
        return FreshnessPolicy.step(age, lifetimes, LoadThrottle.NONE, Directive.NONE);
    }
}
