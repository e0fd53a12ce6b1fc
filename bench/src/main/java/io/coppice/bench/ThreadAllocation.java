package io.coppice.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much a thread of another JVM has allocated on the Java heap so far, as that JVM tells {@code
 * jcmd}. The process needs nothing for it that it does not have anyway.
 */
final class ThreadAllocation {
    private static final Pattern ALLOCATED = Pattern.compile(" allocated=(\\d+)([BKMG]) ");
    private static final long KIB = 1024;

    private ThreadAllocation() {}

    /**
     * An amount as the JVM rounds it.
     *
     * @param bytes rounded down to a multiple of the next
     * @param grainBytes what it is rounded to: 1, or 1,024 where it is much
     */
    record Allocated(long bytes, long grainBytes) {}

    /** Asks a process for its main thread's. */
    static Allocated ofMain(final Scratch scratch, final long pid) throws IOException {
        final Path log = scratch.file("jcmd.out");
        final String jcmd = Path.of(Commands.java()).resolveSibling("jcmd").toString();
        Commands.time(
                scratch, new ProcessBuilder(jcmd, Long.toString(pid), "Thread.print", "-e"), log);
        return parse(Files.readAllLines(log));
    }

    /** Finds the main thread's in a print of all threads. */
    static Allocated parse(final List<String> lines) {
        for (final String line : lines) {
            final Matcher matcher = ALLOCATED.matcher(line);
            if (line.startsWith("\"main\" ") && matcher.find()) {
                final long grain = grain(matcher.group(2));
                return new Allocated(Long.parseLong(matcher.group(1)) * grain, grain);
            }
        }
        throw new BenchFailure(
                BenchFailure.BUG, "jcmd Thread.print -e tells nothing of a thread \"main\"");
    }

    private static long grain(final String unit) {
        switch (unit) {
            case "G":
                return KIB * KIB * KIB;
            case "M":
                return KIB * KIB;
            case "K":
                return KIB;
            default:
                return 1;
        }
    }
}
