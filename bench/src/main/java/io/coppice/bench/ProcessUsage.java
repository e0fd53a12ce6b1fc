package io.coppice.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a process has had of the machine, from Linux's {@code /proc}.
 *
 * @param cpuNs processor time of each of its threads that live
 */
record ProcessUsage(Map<Long, Long> cpuNs) {
    private static final double KIB_PER_MIB = 1024;

    /** Looks at a process. */
    static ProcessUsage of(final long pid) throws IOException {
        final Map<Long, Long> cpuNs = new HashMap<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(folder(pid, "task"))) {
            for (final Path thread : threads) {
                try {
                    final String line = Files.readString(thread.resolve("schedstat"));
                    cpuNs.put(Long.parseLong(thread.getFileName().toString()), firstNumber(line));
                } catch (final NoSuchFileException ended) {
                    // It ended between the two looks.
                    cpuNs.remove(Long.parseLong(thread.getFileName().toString()));
                }
            }
        }
        return new ProcessUsage(cpuNs);
    }

    /** Returns the processor time since an earlier look, without what threads had that ended. */
    long sinceNs(final ProcessUsage earlier) {
        long sum = 0;
        for (final Map.Entry<Long, Long> thread : cpuNs.entrySet()) {
            sum += thread.getValue() - earlier.cpuNs.getOrDefault(thread.getKey(), 0L);
        }
        return sum;
    }

    /** Returns what a process has in memory, in MiB, pages that it shares counted in full. */
    static double residentMib(final long pid) throws IOException {
        return kib(Files.readAllLines(folder(pid, "status")), "VmRSS:") / KIB_PER_MIB;
    }

    /** Returns the same with each page divided among those who share it. */
    static double proportionalMib(final long pid) throws IOException {
        return kib(Files.readAllLines(folder(pid, "smaps_rollup")), "Pss:") / KIB_PER_MIB;
    }

    /** Returns the number behind a key of a file in {@code /proc}. */
    static long kib(final List<String> lines, final String key) {
        for (final String line : lines) {
            if (line.startsWith(key)) {
                return firstNumber(line.substring(key.length()));
            }
        }
        throw new IllegalArgumentException("there is no " + key);
    }

    private static long firstNumber(final String text) {
        return Long.parseLong(text.strip().split("\\s+", 2)[0]);
    }

    private static Path folder(final long pid, final String file) {
        return Path.of("/proc", Long.toString(pid), file);
    }
}
