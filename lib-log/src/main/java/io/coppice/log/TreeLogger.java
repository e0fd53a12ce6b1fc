package io.coppice.log;

import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.Marker;
import org.apache.logging.log4j.message.Message;
import org.apache.logging.log4j.message.MessageFactory;
import org.apache.logging.log4j.spi.AbstractLogger;

/**
 * A logger whose lines end in {@link TreeLog}. It has no appenders, filters or markers to ask, so
 * its level alone decides.
 */
final class TreeLogger extends AbstractLogger {
    private static final long serialVersionUID = 1L;

    private final Level least;

    TreeLogger(final String name, final MessageFactory messages, final Level least) {
        super(name, messages);
        this.least = least;
    }

    @Override
    public Level getLevel() {
        return least;
    }

    @Override
    public void logMessage(
            final String caller,
            final Level level,
            final Marker marker,
            final Message message,
            final Throwable thrown) {
        TreeLog.write(level, getName(), message.getFormattedMessage(), thrown);
    }

    private boolean allows(final Level level) {
        return least.intLevel() >= level.intLevel();
    }

    @Override
    public boolean isEnabled(
            final Level level, final Marker marker, final Message message, final Throwable thrown) {
        return allows(level);
    }

    @Override
    public boolean isEnabled(
            final Level level,
            final Marker marker,
            final CharSequence message,
            final Throwable thrown) {
        return allows(level);
    }

    @Override
    public boolean isEnabled(
            final Level level, final Marker marker, final Object message, final Throwable thrown) {
        return allows(level);
    }

    @Override
    public boolean isEnabled(
            final Level level, final Marker marker, final String message, final Throwable thrown) {
        return allows(level);
    }

    @Override
    public boolean isEnabled(final Level level, final Marker marker, final String message) {
        return allows(level);
    }

    @Override
    public boolean isEnabled(
            final Level level,
            final Marker marker,
            final String message,
            final Object... arguments) {
        return allows(level);
    }

    @Override
    public boolean isEnabled(
            final Level level, final Marker marker, final String message, final Object p0) {
        return allows(level);
    }

    @Override
    public boolean isEnabled(
            final Level level,
            final Marker marker,
            final String message,
            final Object p0,
            final Object p1) {
        return allows(level);
    }

    @Override
    public boolean isEnabled(
            final Level level,
            final Marker marker,
            final String message,
            final Object p0,
            final Object p1,
            final Object p2) {
        return allows(level);
    }

    @Override
    public boolean isEnabled(
            final Level level,
            final Marker marker,
            final String message,
            final Object p0,
            final Object p1,
            final Object p2,
            final Object p3) {
        return allows(level);
    }

    @Override
    public boolean isEnabled(
            final Level level,
            final Marker marker,
            final String message,
            final Object p0,
            final Object p1,
            final Object p2,
            final Object p3,
            final Object p4) {
        return allows(level);
    }

    @Override
    public boolean isEnabled(
            final Level level,
            final Marker marker,
            final String message,
            final Object p0,
            final Object p1,
            final Object p2,
            final Object p3,
            final Object p4,
            final Object p5) {
        return allows(level);
    }

    @Override
    public boolean isEnabled(
            final Level level,
            final Marker marker,
            final String message,
            final Object p0,
            final Object p1,
            final Object p2,
            final Object p3,
            final Object p4,
            final Object p5,
            final Object p6) {
        return allows(level);
    }

    @Override
    public boolean isEnabled(
            final Level level,
            final Marker marker,
            final String message,
            final Object p0,
            final Object p1,
            final Object p2,
            final Object p3,
            final Object p4,
            final Object p5,
            final Object p6,
            final Object p7) {
        return allows(level);
    }

    @Override
    public boolean isEnabled(
            final Level level,
            final Marker marker,
            final String message,
            final Object p0,
            final Object p1,
            final Object p2,
            final Object p3,
            final Object p4,
            final Object p5,
            final Object p6,
            final Object p7,
            final Object p8) {
        return allows(level);
    }

    @Override
    public boolean isEnabled(
            final Level level,
            final Marker marker,
            final String message,
            final Object p0,
            final Object p1,
            final Object p2,
            final Object p3,
            final Object p4,
            final Object p5,
            final Object p6,
            final Object p7,
            final Object p8,
            final Object p9) {
        return allows(level);
    }
}
