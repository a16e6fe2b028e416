package io.github.mfagateway.observability;

import java.util.Map;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

import io.quarkus.logging.LoggingFilter;

/**
 * Drops log lines of libraries that quote sensitive data, at any log level: paths of requests and calls, bodies, and bytes that
 * are not HTTP. Paths can contain factors' ids.
 */
@LoggingFilter(name = "sensitive")
public final class SensitiveLogFilter implements Filter {

    private static final Map<String, Level> LOWEST = Map.of(
            "io.vertx.core.net.impl.ConnectionBase", Level.OFF,
            "io.vertx.core.http.impl.HttpClientRequestImpl", Level.OFF,
            "io.vertx.core.http.impl.HttpServerImpl", Level.INFO,
            "io.vertx.ext.web", Level.INFO,
            "io.quarkus.micrometer", Level.INFO,
            "org.jboss.resteasy.reactive", Level.INFO,
            "WebApplicationException", Level.INFO);

    @Override
    public boolean isLoggable(LogRecord line) {
        int level = line.getLevel().intValue();
        return LOWEST.entrySet().stream()
                .noneMatch(quoting ->
                        level < quoting.getValue().intValue() && isIn(quoting.getKey(), line.getLoggerName()));
    }

    private static boolean isIn(String category, String logger) {
        return logger != null
                && logger.startsWith(category)
                && (logger.length() == category.length() || logger.charAt(category.length()) == '.');
    }
}
