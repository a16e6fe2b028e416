package io.github.mfagateway.factors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import io.github.mfagateway.api.CacheHeaders;
import io.github.mfagateway.cache.CacheDirective;
import io.github.mfagateway.cache.CacheKey;
import io.github.mfagateway.cache.CacheResult;
import io.github.mfagateway.cache.LoadOutcome;
import io.github.mfagateway.cache.LoadedResponse;
import io.github.mfagateway.cache.ResponseCache;
import io.github.mfagateway.cache.TestCacheSettings;
import io.github.mfagateway.cache.TestTraits;
import io.github.mfagateway.cache.TimeSources;
import io.github.mfagateway.support.StoppedClock;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;

/**
 * What a known caller sees, second by second, while GenAuth hangs and few callers come. {@code docs/resilience.md} shows the
 * table that this prints: {@code ./mvnw test -Dtest=QuietOutageTest}.
 */
class QuietOutageTest {

    private static final CacheKey KEY = CacheKey.of("token");
    private static final Duration STEP = Duration.ofMillis(50);
    private static final int RECOVERY = 45;

    private final StoppedClock clock = new StoppedClock();
    private final ResponseCache<CachedResponse> cache = new ResponseCache<>(
            TestCacheSettings.defaults(),
            Duration.ofMillis(2500),
            new TestTraits<>(failure -> LoadOutcome.UNAVAILABLE),
            new TimeSources(clock, clock, clock.timer()),
            () -> 0.5);
    private final List<UniEmitter<? super LoadedResponse<CachedResponse>>> hanging = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();

    private boolean down;
    private int calls;

    /** Seconds, from and to, in which a caller sees the same. */
    private record Row(int from, int to, long millis, String cacheStatus, int firstCalls, int calls) {

        boolean isSeenAgain(Row next) {
            return millis == next.millis && cacheStatus.equals(next.cacheStatus);
        }

        String text() {
            return "| %s | %s | `%s` | %s |"
                    .formatted(
                            range(from, to),
                            millis == 0 ? "not" : millis / 1000.0 + " s",
                            cacheStatus,
                            range(firstCalls, calls));
        }

        private static String range(int first, int last) {
            return first == last ? "" + first : first + "–" + last;
        }
    }

    @Test
    void theDocumentShowsWhatACallerSees() throws IOException {
        request(0);
        clock.turn(Duration.ofSeconds(120));
        calls = 0;
        down = true;
        for (int second = 0; second <= 60; second++) {
            down = second < RECOVERY;
            add(request(second));
        }
        List<String> lines = new ArrayList<>();
        rows.forEach(row -> lines.add(row.text()));
        String table = String.join("\n", lines);
        System.getLogger("QuietOutageTest").log(System.Logger.Level.INFO, "\n" + table);

        assertTrue(Files.readString(Path.of("docs/resilience.md")).contains(table), table);
        // one call in 5 s, until the next caller; no caller waits longer than the soft timeout
        assertTrue(calls <= 60 / 5 + 1, calls + " calls");
        assertTrue(rows.stream().allMatch(row -> row.millis <= 300), table);
        assertEquals(60, rows.get(rows.size() - 1).to);
    }

    /** A request at the beginning of a second, and the rest of that second. */
    private Row request(int second) {
        UniAssertSubscriber<CacheResult<CachedResponse>> caller = cache.get(KEY, CacheDirective.NONE, this::load)
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
        Duration passed = Duration.ZERO;
        while (caller.getItem() == null && passed.toMillis() < 1000) {
            clock.turn(STEP);
            passed = passed.plus(STEP);
        }
        CacheResult<CachedResponse> found = caller.assertCompleted().getItem();
        clock.turn(Duration.ofSeconds(1).minus(passed));
        String status = CacheHeaders.cacheStatus(found)
                .replaceFirst("^genauth-mfa-gateway; ", "")
                .replaceFirst("ttl=-?\\d+", "ttl=…");
        return new Row(second, second, passed.toMillis(), status, calls, calls);
    }

    private void add(Row next) {
        Row last = rows.isEmpty() ? null : rows.get(rows.size() - 1);
        if (last != null && last.isSeenAgain(next)) {
            rows.set(
                    rows.size() - 1,
                    new Row(last.from, next.to, last.millis, last.cacheStatus, last.firstCalls, next.calls));
        } else {
            rows.add(next);
        }
    }

    /** Responds at once, or never. */
    private Uni<LoadedResponse<CachedResponse>> load() {
        calls++;
        byte[] body = "{}".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        return down
                ? Uni.createFrom().emitter(hanging::add)
                : Uni.createFrom()
                        .item(new LoadedResponse<>(
                                CachedResponse.of(body, body), Optional.of("alice"), Optional.empty()));
    }
}
