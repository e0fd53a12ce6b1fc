package io.coppice.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * Where and when something was measured.
 *
 * @param cpuModel as the kernel names it
 * @param cores that this JVM may use
 * @param memoryBytes of the machine, 0 where it cannot be told
 * @param kernel name and version
 * @param jdk version and vendor
 * @param date ISO day, UTC
 */
record Machine(
        String cpuModel, int cores, long memoryBytes, String kernel, String jdk, String date) {
    private static final Path CPU = Path.of("/proc/cpuinfo");
    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final long BYTES_PER_KIB = 1024;
    private static final double BYTES_PER_GIB = 1 << 30;

    /** Looks at this machine. */
    static Machine here() {
        final String memory = value(MEMORY, "MemTotal").replaceAll("\\D", "");
        return new Machine(
                value(CPU, "model name"),
                Runtime.getRuntime().availableProcessors(),
                memory.isEmpty() ? 0 : Long.parseLong(memory) * BYTES_PER_KIB,
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.runtime.version")
                        + ", "
                        + System.getProperty("java.vendor"),
                LocalDate.now(ZoneOffset.UTC).toString());
    }

    /** Returns it in one line. */
    String line() {
        return cpuModel
                + ", "
                + cores
                + " cores, "
                + Figures.of(memoryBytes / BYTES_PER_GIB)
                + " GiB, "
                + kernel
                + ", JDK "
                + jdk
                + ", "
                + date;
    }

    /** Returns what stands behind a key, "unknown" where the file or the key is missing. */
    private static String value(final Path file, final String key) {
        try {
            for (final String line : Files.readAllLines(file)) {
                final int colon = line.indexOf(':');
                if (colon > 0 && line.substring(0, colon).strip().equals(key)) {
                    return line.substring(colon + 1).strip();
                }
            }
        } catch (final IOException notLinux) {
            return "unknown";
        }
        return "unknown";
    }
}
