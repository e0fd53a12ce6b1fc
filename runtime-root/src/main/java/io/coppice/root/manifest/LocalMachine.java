package io.coppice.root.manifest;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The machine this process runs on. Immutable; usable from any thread. */
public final class LocalMachine implements Machine {
    private static final Path PROC = Path.of("/proc");
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final String TOTAL = "MemTotal:";
    private static final String UNIFIED_CGROUP = "0::/";
    private static final long KIB = 1024;

    private final Path runDirectory;
    private final Path stateDirectory;
    private final Path proc;
    private final Path cgroups;

    /**
     * Names the folders for arenas, which need not exist yet.
     *
     * @param runDirectory for arenas in memory
     * @param stateDirectory for arenas on disk
     */
    public LocalMachine(final Path runDirectory, final Path stateDirectory) {
        this(runDirectory, stateDirectory, PROC, CGROUPS);
    }

    LocalMachine(
            final Path runDirectory,
            final Path stateDirectory,
            final Path proc,
            final Path cgroups) {
        this.runDirectory = runDirectory.toAbsolutePath().normalize();
        this.stateDirectory = stateDirectory.toAbsolutePath().normalize();
        this.proc = proc;
        this.cgroups = cgroups;
    }

    @Override
    public long memoryBytes() throws IOException {
        final Path meminfo = proc.resolve("meminfo");
        // Management beans tell the same, but loading them costs more than all the rest of a start.
        return Files.isReadable(meminfo)
                ? Math.min(totalBytes(meminfo), cgroupBytes())
                : ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                        .getTotalMemorySize();
    }

    @Override
    public Path runDirectory() {
        return runDirectory;
    }

    @Override
    public long runStoreBytes() throws IOException {
        return storeBytes(runDirectory);
    }

    @Override
    public Path stateDirectory() {
        return stateDirectory;
    }

    @Override
    public long stateStoreBytes() throws IOException {
        return storeBytes(stateDirectory);
    }

    private static long storeBytes(final Path folder) throws IOException {
        Path existing = folder;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return Files.getFileStore(existing).getTotalSpace();
    }

    private static long totalBytes(final Path meminfo) throws IOException {
        for (final String line : Files.readAllLines(meminfo)) {
            if (line.startsWith(TOTAL)) {
                final String[] words = line.substring(TOTAL.length()).strip().split(" ", 2);
                return number(words[0], meminfo) * KIB;
            }
        }
        throw new IOException("no " + TOTAL + " in " + meminfo);
    }

    /**
     * The least limit of this process's control group and of those around it; no limit if there is
     * none.
     */
    private long cgroupBytes() throws IOException {
        final Path membership = proc.resolve("self/cgroup");
        final List<String> lines =
                Files.isReadable(membership) ? Files.readAllLines(membership) : List.of();
        long least = Long.MAX_VALUE;
        for (final String line : lines) {
            if (line.startsWith(UNIFIED_CGROUP)) {
                Path group = cgroups.resolve(line.substring(UNIFIED_CGROUP.length())).normalize();
                while (group != null && group.startsWith(cgroups)) {
                    least = Math.min(least, limitBytes(group.resolve("memory.max")));
                    group = group.getParent();
                }
            }
        }
        return least;
    }

    private static long limitBytes(final Path file) throws IOException {
        if (!Files.isReadable(file)) {
            return Long.MAX_VALUE;
        }
        final String limit = Files.readString(file).strip();
        return "max".equals(limit) ? Long.MAX_VALUE : number(limit, file);
    }

    private static long number(final String text, final Path file) throws IOException {
        try {
            return Long.parseLong(text);
        } catch (final NumberFormatException wrong) {
            throw new IOException("no number in " + file, wrong);
        }
    }
}
