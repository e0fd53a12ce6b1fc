package io.coppice.root.loop;

import io.coppice.os.Errno;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What root says of a daemon whose process the system does not start: no process or memory is left,
 * or the program, or the JDK's {@code jspawnhelper}, is missing or being upgraded. Said once while
 * it stays the same. For root's thread; for failures only, so it may allocate.
 */
final class SpawnFailures {
    /** The JDK has the number in its message only: {@code error=11} or {@code error: 11}. */
    private static final Pattern NUMBER = Pattern.compile("error[=:] ?(\\d{1,5})");

    /** What it says of a log that it cannot open, and there without the number. */
    private static final String NO_DESCRIPTOR = "(Too many open files)";

    private final String daemon;
    private final List<String> command;
    private final Path helper;
    private String said = "";
    private int inARow;

    SpawnFailures(final String daemon, final List<String> command) {
        this(daemon, command, Path.of(System.getProperty("java.home"), "lib", "jspawnhelper"));
    }

    /** For tests, which put another file in the place of the JDK's helper. */
    SpawnFailures(final String daemon, final List<String> command, final Path helper) {
        this.daemon = daemon;
        this.command = command;
        this.helper = helper;
    }

    /** Returns whether the last try failed. */
    boolean isFailing() {
        return inARow > 0;
    }

    /** Takes note that a process was started. */
    void end() {
        if (inARow > 0) {
            System.err.println(
                    "root: " + daemon + " was started after " + inARow + " tries that failed");
        }
        inARow = 0;
        said = "";
    }

    /**
     * Takes note of a failure.
     *
     * @return the kernel's error number, 0 where the JDK does not tell it
     */
    int note(final Throwable refused) {
        inARow++;
        final int number = errno(refused);
        final String text = text(refused, number);
        if (!text.equals(said)) {
            said = text;
            System.err.println(text);
        }
        return number;
    }

    private String text(final Throwable refused, final int number) {
        final Errno errno = Errno.of(number);
        final String name =
                errno != Errno.UNKNOWN
                        ? errno.name() + ", " + errno.meaning()
                        : number == 0 ? "no error number" : "error " + number;
        return "root: "
                + daemon
                + " cannot be started ("
                + name
                + "): "
                + file()
                + ": "
                + reason(refused)
                + "; it is tried again after \"restart\".\"backoff\", until it can";
    }

    /** The JDK explains a missing helper in eight lines; what happened is in the first. */
    private static String reason(final Throwable refused) {
        final String message = refused.getMessage();
        return message == null ? refused.toString() : message.lines().findFirst().orElse("");
    }

    /** Returns the file that cannot be run; the program itself where it is none of them. */
    private String file() {
        final String program = command.isEmpty() ? "its program" : command.get(0);
        if (program.indexOf('/') >= 0 && Files.isExecutable(Path.of(program))) {
            return Files.isExecutable(helper) ? program : helper + " is missing or cannot be run";
        }
        return program;
    }

    static int errno(final Throwable refused) {
        for (Throwable each = refused; each != null; each = each.getCause()) {
            final String message = each.getMessage();
            final Matcher number = NUMBER.matcher(message == null ? "" : message);
            if (number.find()) {
                return Integer.parseInt(number.group(1));
            }
            if (message != null && message.contains(NO_DESCRIPTOR)) {
                return Errno.EMFILE.number();
            }
        }
        return 0;
    }
}
