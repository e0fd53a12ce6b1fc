package io.coppice.os;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Reads what Linux tells of a process under {@code /proc}. */
final class ProcFs {
    private static final int START_TIME_FIELD = 22;
    private static final int FIRST_FIELD_AFTER_NAME = 3;
    private static final int USER_TIME_FIELD = 14;
    private static final int SYSTEM_TIME_FIELD = 15;
    private static final int PARENT_FIELD = 4;
    private static final int GROUP_FIELD = 5;
    private static final int SESSION_FIELD = 6;
    private static final int THREADS_FIELD = 20;
    private static final int PAGE_BYTES = 4096;

    /** The kernel tells times to programs in hundredths of a second, on every architecture. */
    private static final long NS_PER_TICK = 10_000_000;

    /** Threads of a process that are looked at. */
    private static final int THREADS_MAX = 1024;

    private ProcFs() {}

    static long startTime(final long pid) {
        final String[] fields = stat(pid);
        return fields.length == 0 || isDead(fields) ? 0 : startTime(fields);
    }

    /**
     * The first thread of a process that begins anew by execve(2) is a zombie for the moment in
     * which the calling thread takes its place: the process lives on.
     */
    private static boolean isDead(final String[] fields) {
        return "X".equals(fields[0])
                || "Z".equals(fields[0])
                        && Long.parseLong(fields[THREADS_FIELD - FIRST_FIELD_AFTER_NAME]) <= 1;
    }

    static long startTimeOfZombieToo(final long pid) {
        final String[] fields = stat(pid);
        return fields.length == 0 ? 0 : startTime(fields);
    }

    private static long startTime(final String[] fields) {
        return Long.parseLong(fields[START_TIME_FIELD - FIRST_FIELD_AFTER_NAME]);
    }

    static ProcessActivity activity(final long pid) {
        final String[] fields = stat(pid);
        if (fields.length <= SYSTEM_TIME_FIELD - FIRST_FIELD_AFTER_NAME) {
            return ProcessActivity.NONE;
        }
        final long ticks =
                Long.parseLong(fields[USER_TIME_FIELD - FIRST_FIELD_AFTER_NAME])
                        + Long.parseLong(fields[SYSTEM_TIME_FIELD - FIRST_FIELD_AFTER_NAME]);
        return new ProcessActivity(
                "T".equals(fields[0]) || "t".equals(fields[0]),
                hasWaitingThread(pid),
                ticks * NS_PER_TICK);
    }

    /** The process's own state is that of its first thread, which in a JVM only waits. */
    private static boolean hasWaitingThread(final long pid) {
        try (DirectoryStream<Path> threads =
                Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            int seen = 0;
            for (final Path thread : threads) {
                final String[] fields = fields(read(pid, "task/" + thread.getFileName() + "/stat"));
                if (fields.length > 0 && ("R".equals(fields[0]) || "D".equals(fields[0]))) {
                    return true;
                }
                seen++;
                if (seen == THREADS_MAX) {
                    return false;
                }
            }
        } catch (final IOException | DirectoryIteratorException gone) {
            // Whoever is gone waits for nothing.
        }
        return false;
    }

    /** Returns what is known of one process, or null where there is none. */
    static ProcessRecord record(final long pid) {
        final String[] fields = stat(pid);
        if (fields.length <= START_TIME_FIELD - FIRST_FIELD_AFTER_NAME) {
            return null;
        }
        // A first thread that has ended is shown as a zombie while others of the process run.
        final boolean dead =
                ("Z".equals(fields[0]) || "X".equals(fields[0]))
                        && number(fields, THREADS_FIELD) <= 1;
        return new ProcessRecord(
                pid,
                number(fields, PARENT_FIELD),
                number(fields, GROUP_FIELD),
                number(fields, SESSION_FIELD),
                number(fields, START_TIME_FIELD),
                !dead);
    }

    private static long number(final String[] fields, final int field) {
        return Long.parseLong(fields[field - FIRST_FIELD_AFTER_NAME]);
    }

    /** Returns the fields from the third on, the state; none where the process is gone. */
    private static String[] stat(final long pid) {
        return fields(read(pid, "stat"));
    }

    private static String[] fields(final String stat) {
        // The name in parentheses may hold anything, a closing parenthesis too, so fields are
        // counted from the last one.
        final int nameEnd = stat.lastIndexOf(')');
        return nameEnd < 0 ? new String[0] : stat.substring(nameEnd + 2).split(" ", -1);
    }

    /** Returns the two halves of the boot's random UUID in one word; 0 where there is none. */
    static long bootId() {
        try {
            final UUID uuid =
                    UUID.fromString(
                            Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip());
            return uuid.getMostSignificantBits() ^ uuid.getLeastSignificantBits();
        } catch (final IOException | IllegalArgumentException unknown) {
            return 0;
        }
    }

    static long residentBytes(final long pid) {
        final String[] fields = read(pid, "statm").split(" ", -1);
        return fields.length > 1 ? Long.parseLong(fields[1]) * PAGE_BYTES : 0;
    }

    /** Returns the arguments, which the kernel ends with a zero byte each. */
    static List<String> commandLine(final long pid) {
        final String all =
                new String(
                        read(pid, "cmdline").getBytes(StandardCharsets.ISO_8859_1),
                        StandardCharsets.UTF_8);
        final List<String> arguments = new ArrayList<>();
        int from = 0;
        for (int end = all.indexOf(0); end >= 0; end = all.indexOf(0, from)) {
            arguments.add(all.substring(from, end));
            from = end + 1;
        }
        return arguments;
    }

    private static String read(final long pid, final String file) {
        try {
            return new String(
                    Files.readAllBytes(Path.of("/proc/" + pid + "/" + file)),
                    StandardCharsets.ISO_8859_1);
        } catch (final IOException gone) {
            return "";
        }
    }
}
