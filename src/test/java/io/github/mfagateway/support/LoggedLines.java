package io.github.mfagateway.support;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Logger;

import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;

/** The messages of one logger, from now on until it is closed. */
public final class LoggedLines extends ExtHandler implements AutoCloseable {

    private final PatternFormatter message = new PatternFormatter("%s");
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    // strongly held: a collected logger loses its handlers
    private final Logger logger;
    private final String part;

    /** @param part what a line must have in it, because other tests' lines go to the same logger */
    public LoggedLines(String logger, String part) {
        this.logger = Logger.getLogger(logger);
        this.part = part;
        this.logger.addHandler(this);
    }

    @Override
    protected void doPublish(ExtLogRecord line) {
        String text = message.format(line);
        if (text.contains(part)) {
            lines.add(text);
        }
    }

    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
