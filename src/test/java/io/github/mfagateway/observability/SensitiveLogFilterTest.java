package io.github.mfagateway.observability;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.logging.Level;
import java.util.logging.LogRecord;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SensitiveLogFilterTest {

    @ParameterizedTest
    @CsvSource({
        "io.vertx.ext.web.impl.RouterImpl, FINE, false",
        "io.vertx.ext.web.impl.RouterImpl, INFO, true",
        "io.vertx.ext.webclient.Other, FINE, true",
        "WebApplicationException, FINEST, false",
        "io.vertx.core.net.impl.ConnectionBase, SEVERE, false",
        "io.vertx.core.http.impl.HttpClientRequestImpl, SEVERE, false",
        "io.github.mfagateway, FINEST, true",
        ", FINEST, true"
    })
    void onlyWhatQuotesIsKeptOut(String category, String level, boolean kept) {
        LogRecord line = new LogRecord(Level.parse(level), "line");
        line.setLoggerName(category);

        assertEquals(kept, new SensitiveLogFilter().isLoggable(line));
    }
}
