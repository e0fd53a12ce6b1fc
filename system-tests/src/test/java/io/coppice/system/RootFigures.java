package io.coppice.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What root uses. The heap is counted live: the JVM is asked for a histogram, and collects before
 * it counts.
 *
 * @param threads of the process
 * @param descriptors that are open
 * @param residentBytes in memory
 * @param liveBytes of the Java heap
 */
record RootFigures(long threads, long descriptors, long residentBytes, long liveBytes) {
    private static final long BYTES_PER_KB = 1024;

    static RootFigures of(final long pid) throws IOException, InterruptedException {
        // First: it loads what the JVM needs to be asked at all.
        final long liveBytes = liveBytes(pid);
        return new RootFigures(
                status(pid, "Threads:"),
                descriptors(pid),
                status(pid, "VmRSS:") * BYTES_PER_KB,
                liveBytes);
    }

    private static long status(final long pid, final String key) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    private static long descriptors(final long pid) throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return open.count();
        }
    }

    private static long liveBytes(final long pid) throws IOException, InterruptedException {
        final Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        final Process process =
                new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.class_histogram")
                        .redirectErrorStream(true)
                        .start();
        final List<String> lines =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .toList();
        if (process.waitFor() != 0) {
            throw new IOException("jcmd: " + lines);
        }
        final String total =
                lines.stream().filter(line -> line.startsWith("Total")).findFirst().orElseThrow();
        final String[] words = total.trim().split("\\s+", -1);
        return Long.parseLong(words[words.length - 1]);
    }
}
