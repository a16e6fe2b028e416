package io.github.mfagateway.monitoring;

import java.util.List;
import java.util.stream.Stream;

/** All queries to Prometheus. */
final class Queries {

    private Queries() {}

    static List<String> everywhereButInAlerts() {
        return Stream.concat(Component.panelExpressions().stream(), Component.runbookExpressions().stream())
                .toList();
    }

    static List<String> everywhere() {
        return Stream.concat(Component.ruleExpressions().stream(), everywhereButInAlerts().stream())
                .toList();
    }
}
