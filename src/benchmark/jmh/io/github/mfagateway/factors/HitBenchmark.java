package io.github.mfagateway.factors;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;


import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import io.github.mfagateway.cache.ResponseCache;
import io.github.mfagateway.cache.CacheKey;
import io.github.mfagateway.cache.CacheDirective;
import io.github.mfagateway.cache.LoadedResponse;
import io.github.mfagateway.cache.CacheResult;
import io.github.mfagateway.cache.LoadOutcome;
import io.github.mfagateway.cache.TestCacheSettings;
import io.github.mfagateway.cache.TestTraits;
import io.github.mfagateway.support.RealTime;
import io.github.mfagateway.genauth.AccessToken;
import io.smallrye.mutiny.Uni;

/** A hit's own work, by pieces and whole: from the header with the token to what the answer's head
 * says, without HTTP. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class HitBenchmark {

    private static final int ENTRIES = 10_000;

    /** Of the token, in characters. */
    @Param({"32", "800"})
    public int length;

    private final ResponseCache<StoredAnswer> cache = new ResponseCache<>(
            TestCacheSettings.of(Duration.ofHours(1), Duration.ZERO, Duration.ZERO, 1L << 30),
            Duration.ofSeconds(5),
            new TestTraits<>(failure -> Outcome.FAILED),
            RealTime.time(),
            () -> 0.5);
    private final String[] headers = new String[ENTRIES];
    private final CacheKey[] keys = new CacheKey[ENTRIES];
    private int next;

    @Setup
    public void fill() {
        byte[] body = "{\"factors\":[{\"factorType\":\"OTP\"},{\"factorType\":\"SMS\"},{\"factorType\":\"EMAIL\"}]}"
                .getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < ENTRIES; i++) {
            headers[i] = "Bearer %05d".formatted(i).concat("t".repeat(length - 5));
            keys[i] = key(headers[i]);
            LoadedResponse<StoredAnswer> fetched =
                    new LoadedResponse<>(StoredAnswer.of(body, body), Optional.of("user" + i), Optional.empty());
            cache.get(keys[i], Directive.NONE, () -> Uni.createFrom().item(fetched))
                    .await()
                    .indefinitely();
        }
    }

    private static CacheKey key(String header) {
        return CacheKey.of(AccessToken.inHeader(header).asHeader(), "60193c610f9117e7cb049159", "");
    }

    private int next() {
        next = next + 1 == ENTRIES ? 0 : next + 1;
        return next;
    }

    @Benchmark
    public Object key() {
        return key(headers[next()]);
    }

    @Benchmark
    public Object lookup() {
        return cache.fresh(keys[next()]);
    }

    @Benchmark
    public int whole() {
        Found<StoredAnswer> found = cache.fresh(key(headers[next()])).orElseThrow();
        return CacheHeaders.cacheStatus(found).length()
                + Long.toString(found.age().toSeconds()).length()
                + (found.answer().matches(List.of()) ? 1 : 0);
    }
}
