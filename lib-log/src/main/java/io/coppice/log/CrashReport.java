package io.coppice.log;

import io.coppice.os.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What is known of one dead process, as a small plain text for people.
 *
 * @param name as people know it, {@code scan} or {@code scan/extract/1}
 * @param epoch of the incarnation
 * @param pid it had
 * @param exitClass how it ended, in a word: the name of an {@code ExitClass} or of an outcome
 * @param exitStatus its exit code, or 128 + signal
 * @param startedMs wall clock in milliseconds, 0 where it is not known
 * @param diedMs wall clock in milliseconds
 * @param lastLines its newest log lines, the newest last
 */
public record CrashReport(
        String name,
        long epoch,
        long pid,
        String exitClass,
        int exitStatus,
        long startedMs,
        long diedMs,
        List<String> lastLines) {
    /** How many reports a folder keeps; older ones are deleted. */
    public static final int REPORTS_MAX = 64;

    /** How many log lines a report shows. */
    public static final int LINES_MAX = 50;

    private static final String SUFFIX = ".txt";
    private static final String PART_SUFFIX = ".part";
    private static final double MS_PER_SECOND = 1000;

    /**
     * Writes the report to {@code <folder>/<name>-<epoch>.txt}, a {@code /} in the name becoming
     * {@code -}, and deletes the oldest ones beyond {@link #REPORTS_MAX}. The file appears whole or
     * not at all. For any process; two may write at the same time.
     *
     * @return the file
     * @throws IOException where the folder cannot be written
     */
    public Path writeTo(final Path folder) throws IOException {
        Files.createDirectories(folder);
        final String file = name.replace('/', '-') + "-" + epoch + SUFFIX;
        final Path part = folder.resolve(file + PART_SUFFIX);
        // Made anew: what somebody has put there may be a fifo, on which a writer would wait.
        Files.deleteIfExists(part);
        Files.writeString(part, text(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        final Path report = folder.resolve(file);
        Files.move(
                part, report, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        deleteOldest(folder);
        return report;
    }

    /** Returns the report as it stands in the file. */
    public String text() {
        final StringBuilder text = new StringBuilder();
        row(text, "process").append(name).append('\n');
        row(text, "epoch").append(epoch).append('\n');
        row(text, "pid").append(pid).append('\n');
        row(text, "exit").append(exitWords(exitClass, exitStatus)).append('\n');
        if (startedMs > 0) {
            Timestamp.append(row(text, "started"), startedMs);
            text.append('\n');
        }
        Timestamp.append(row(text, "died"), diedMs);
        if (startedMs > 0) {
            text.append(", after ").append((diedMs - startedMs) / MS_PER_SECOND).append(" s");
        }
        final int from = Math.max(0, lastLines.size() - LINES_MAX);
        text.append(
                lastLines.isEmpty() ? "\n\nIt left no log lines.\n" : "\n\nIts last log lines:\n");
        for (final String line : lastLines.subList(from, lastLines.size())) {
            text.append("  ").append(line).append('\n');
        }
        return text.toString();
    }

    /** Says in words how a process ended: {@code signal, SIGKILL (status 137)}. */
    public static String exitWords(final String exitClass, final int exitStatus) {
        final String words = exitClass.toLowerCase(Locale.ROOT).replace('_', ' ');
        final int signal = Signals.ofExitStatus(exitStatus);
        return signal == 0
                ? words + ", exit code " + exitStatus
                : words + ", " + Signals.name(signal) + " (status " + exitStatus + ")";
    }

    private static StringBuilder row(final StringBuilder text, final String label) {
        return text.append(String.format(Locale.ROOT, "%-10s", label));
    }

    private static void deleteOldest(final Path folder) throws IOException {
        record Aged(Path file, FileTime modified) {}
        final List<Aged> reports = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (final Path file : (Iterable<Path>) files::iterator) {
                if (file.toString().endsWith(SUFFIX)) {
                    reports.add(new Aged(file, modified(file)));
                }
            }
        }
        reports.sort(Comparator.comparing(Aged::modified).thenComparing(Aged::file));
        for (int i = 0; i < reports.size() - REPORTS_MAX; i++) {
            Files.deleteIfExists(reports.get(i).file());
        }
    }

    /** Another process may have deleted the file by now. */
    private static FileTime modified(final Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (final IOException gone) {
            return FileTime.fromMillis(0);
        }
    }
}
