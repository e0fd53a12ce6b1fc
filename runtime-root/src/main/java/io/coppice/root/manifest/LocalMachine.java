package io.coppice.root.manifest;

import com.sun.management.OperatingSystemMXBean;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The machine this process runs on. Stateless but for the run directory; usable from any thread.
 */
public final class LocalMachine implements Machine {
    private final Path runDirectory;

    /**
     * Names the folder for arenas.
     *
     * @param runDirectory a folder that need not exist yet
     */
    public LocalMachine(final Path runDirectory) {
        this.runDirectory = runDirectory.toAbsolutePath().normalize();
    }

    @Override
    public long memoryBytes() {
        // The JDK takes a container's limit into account, which /proc/meminfo alone would not.
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                .getTotalMemorySize();
    }

    @Override
    public Path runDirectory() {
        return runDirectory;
    }

    @Override
    public long runStoreBytes() throws IOException {
        Path existing = runDirectory;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return Files.getFileStore(existing).getTotalSpace();
    }
}
