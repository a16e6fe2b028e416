package io.github.mfagateway.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

class SelectorTest {

    @Test
    void functionsGroupingsRangesAndNumbersAreNoMetrics() {
        assertEquals(
                List.of(
                        new Selector("a_bucket", Map.of("outcome", List.of("x", "y"), "pod", List.of("p"))),
                        new Selector("b_total", Map.of()),
                        new Selector("c", Map.of("outcome", List.of("z|z")))),
                Selector.in("""
                        histogram_quantile(0.99, sum by (le) (rate(a_bucket{outcome!~"x|y", pod="p"}[5m]))) > 1e3
                        and on (namespace, pod) b_total offset 5m
                        or max without (pod) (c{outcome="z|z"})"""));
    }
}
