package io.coppice.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.apache.logging.log4j.Level;

/**
 * Where every log line of a process ends: on standard error, which the runtime has redirected to a
 * file of the run directory, and among the process's {@link LogLines} once they are attached.
 *
 * <pre>
 *   2026-11-21T08:00:00.123Z INFO  scan/1 Walk went on at docs/a
 * </pre>
 *
 * A line and its stack trace are one write to standard error, so lines of several threads never
 * mix. Safe from any thread. What goes wrong while logging is nobody's business: no method throws.
 */
public final class TreeLog {
    /** System property with the least level that is logged. */
    public static final String LEVEL_PROPERTY = "coppice.log.level";

    private static final int LEVEL_WIDTH = 5;
    private static final OutputStream STANDARD_ERROR = new FileOutputStream(FileDescriptor.err);
    private static final Object LOCK = new Object();

    private static OutputStream out = STANDARD_ERROR;
    private static LogLines lines;
    private static String process = "-";

    private TreeLog() {}

    /**
     * Has later lines kept in an arena too.
     *
     * @param kept of which this process is the only writer; null for none
     * @param processName as people know it, {@code scan} for a daemon, {@code scan/extract/1} for a
     *     worker
     */
    public static void attach(final LogLines kept, final String processName) {
        synchronized (LOCK) {
            lines = kept;
            process = processName;
        }
    }

    /** Writes one line, and the stack trace below it where there is one. */
    static void write(
            final Level level, final String logger, final String message, final Throwable thrown) {
        write(System.currentTimeMillis(), level, logger, message, thrown);
    }

    static void write(
            final long nowMs,
            final Level level,
            final String logger,
            final String message,
            final Throwable thrown) {
        final StringBuilder text = new StringBuilder();
        Timestamp.append(text, nowMs);
        text.append(' ').append(level.name());
        for (int i = level.name().length(); i < LEVEL_WIDTH; i++) {
            text.append(' ');
        }
        text.append(' ');
        synchronized (LOCK) {
            text.append(process).append(' ').append(shortName(logger)).append(' ').append(message);
            if (lines != null) {
                keep(text, thrown);
            }
            text.append('\n');
            if (thrown != null) {
                text.append(stackTrace(thrown));
            }
            print(text);
        }
    }

    /** Sends the lines elsewhere, for tests; null restores standard error. */
    static void redirect(final OutputStream to) {
        synchronized (LOCK) {
            out = to == null ? STANDARD_ERROR : to;
        }
    }

    private static void keep(final StringBuilder text, final Throwable thrown) {
        try {
            lines.append(thrown == null ? text.toString() : text + ": " + describe(thrown));
        } catch (final RuntimeException refused) {
            // A line less in the arena; it is on standard error all the same.
            lines = null;
        }
    }

    private static void print(final StringBuilder text) {
        try {
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (final IOException full) {
            // There is nowhere left to say so.
            return;
        }
    }

    /** A stranger's exception may throw while it is asked what it is. */
    private static String describe(final Throwable thrown) {
        try {
            return thrown.toString();
        } catch (final RuntimeException worse) {
            return thrown.getClass().getName();
        }
    }

    private static String stackTrace(final Throwable thrown) {
        final StringWriter trace = new StringWriter();
        try {
            thrown.printStackTrace(new PrintWriter(trace));
        } catch (final RuntimeException worse) {
            trace.append(thrown.getClass().getName()).append('\n');
        }
        return trace.toString();
    }

    private static String shortName(final String logger) {
        return logger.isEmpty() ? "root" : logger.substring(logger.lastIndexOf('.') + 1);
    }
}
