package io.coppice.bench.ring;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Keeps each process on a core of its own. A scheduler that puts two ends which wait for each other
 * on one core makes every spinning round trip as long as its time slice, and does so for some of
 * the subjects and not for others.
 */
final class Cores {
    private static final Path PROGRAM = Path.of("/usr/bin/taskset");

    private Cores() {}

    /** Returns whether each of so many processes gets a core. */
    static boolean suffice(final int processes) {
        return Files.isExecutable(PROGRAM) && processes <= processors();
    }

    /** Returns what comes before the command of a process; nothing where there are not enough. */
    static List<String> prefix(final int process, final int processes) {
        return suffice(processes)
                ? List.of(PROGRAM.toString(), "--cpu-list", String.valueOf(process))
                : List.of();
    }

    private static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }
}
