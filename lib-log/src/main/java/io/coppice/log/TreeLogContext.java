package io.coppice.log;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.message.MessageFactory;
import org.apache.logging.log4j.spi.ExtendedLogger;
import org.apache.logging.log4j.spi.LoggerContext;

/** All loggers of a process: one level for all, taken from {@link TreeLog#LEVEL_PROPERTY} once. */
final class TreeLogContext implements LoggerContext {
    private final Map<String, ExtendedLogger> loggers = new ConcurrentHashMap<>();
    private final Level least;

    TreeLogContext(final String leastName) {
        final Level named = Level.toLevel(leastName, null);
        this.least = named == null ? Level.INFO : named;
        if (named == null && leastName != null) {
            TreeLog.write(
                    Level.WARN,
                    TreeLogContext.class.getName(),
                    TreeLog.LEVEL_PROPERTY
                            + ": \""
                            + leastName
                            + "\" is none of OFF, FATAL, ERROR, WARN, INFO, DEBUG, TRACE, ALL; INFO is used",
                    null);
        }
    }

    @Override
    public Object getExternalContext() {
        return null;
    }

    @Override
    public ExtendedLogger getLogger(final String name) {
        return getLogger(name, null);
    }

    @Override
    public ExtendedLogger getLogger(final String name, final MessageFactory messages) {
        final ExtendedLogger known = loggers.get(name);
        // A logger of another message factory is so rare that it is made anew each time rather than
        // remembered.
        if (known != null && (messages == null || known.getMessageFactory().equals(messages))) {
            return known;
        }
        if (messages != null) {
            return new TreeLogger(name, messages, least);
        }
        final ExtendedLogger made = new TreeLogger(name, BraceMessageFactory.INSTANCE, least);
        final ExtendedLogger first = loggers.putIfAbsent(name, made);
        return first == null ? made : first;
    }

    @Override
    public boolean hasLogger(final String name) {
        return loggers.containsKey(name);
    }

    @Override
    public boolean hasLogger(final String name, final MessageFactory messages) {
        return hasLogger(name);
    }

    @Override
    public boolean hasLogger(final String name, final Class<? extends MessageFactory> messages) {
        return hasLogger(name);
    }
}
