package io.github.mfagateway.support;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Filter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.formatters.PatternFormatter;

/** Collects every line that can be logged: all categories at their lowest level, also those with a level of their own. */
public final class LogCollector extends ExtHandler {

    private static final Pattern CATEGORY = Pattern.compile("quarkus\\.log\\.category\\.\"?([^\"]+)\"?\\.level");

    private final PatternFormatter everything = new PatternFormatter("%c %t %X %s");
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();
    private final Map<Handler, Level> quiet = new LinkedHashMap<>();
    // strongly held: a collected logger loses its level
    private final Map<Logger, Level> before = new LinkedHashMap<>();

    /** @param filter what a line has to pass, as on the gateway's own handlers */
    public LogCollector(Filter filter) {
        setFilter(filter);
        setLevel(Level.ALL);
        for (String category : categories()) {
            Logger logger = Logger.getLogger(category);
            before.put(logger, logger.getLevel());
            logger.setLevel(Level.ALL);
        }
        for (Handler other : Logger.getLogger("").getHandlers()) {
            quiet.put(other, other.getLevel());
            other.setLevel(Level.OFF);
        }
        Logger.getLogger("").addHandler(this);
    }

    /** The root, every category that the settings name, and every one that anybody has given a level. */
    private static TreeSet<String> categories() {
        TreeSet<String> categories = new TreeSet<>(List.of(""));
        for (String setting : ConfigProvider.getConfig().getPropertyNames()) {
            Matcher category = CATEGORY.matcher(setting);
            if (category.matches()) {
                categories.add(category.group(1));
            }
        }
        for (String name : Collections.list(LogContext.getLogContext().getLoggerNames())) {
            if (Logger.getLogger(name).getLevel() != null) {
                categories.add(name);
            }
        }
        return categories;
    }

    @Override
    protected void doPublish(ExtLogRecord line) {
        // WireMock is GenAuth's side
        if (!line.getLoggerName().startsWith("org.eclipse.jetty")
                && !line.getLoggerName().startsWith("wiremock")) {
            heard.add(everything.format(line) + causes(line.getThrown(), 10));
        }
    }

    /** As a stack trace has them; its frames are code, and would take most of the time. */
    private static String causes(Throwable thrown, int depth) {
        if (thrown == null || depth == 0) {
            return "";
        }
        StringBuilder causes = new StringBuilder("\n").append(thrown).append(causes(thrown.getCause(), depth - 1));
        for (Throwable suppressed : thrown.getSuppressed()) {
            causes.append(causes(suppressed, depth - 1));
        }
        return causes.toString();
    }

    public List<String> heard() {
        return new ArrayList<>(heard);
    }

    @Override
    public void close() {
        Logger.getLogger("").removeHandler(this);
        before.forEach(Logger::setLevel);
        quiet.forEach(Handler::setLevel);
    }
}
