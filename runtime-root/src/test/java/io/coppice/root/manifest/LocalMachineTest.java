package io.coppice.root.manifest;

import static io.coppice.root.manifest.ManifestFixture.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the machine says about its memory. */
final class LocalMachineTest {
    @TempDir Path temp;
    private Machine machine;

    @BeforeEach
    void makeMachineWithOneGigabyte() throws IOException {
        write("proc/meminfo", "MemTotal:       1048576 kB\nMemFree:         4 kB\n");
        machine = new LocalMachine(temp, temp, temp.resolve("proc"), temp.resolve("cgroup"));
    }

    @Test
    void readsTotalMemory() throws IOException {
        assertEquals(1024 * MIB, machine.memoryBytes());
    }

    @Test
    void readsTheLeastLimitOfTheControlGroupsAround() throws IOException {
        write("proc/self/cgroup", "0::/outer/inner\n");
        write("cgroup/outer/inner/memory.max", "max\n");
        write("cgroup/outer/memory.max", 64 * MIB + "\n");
        write("cgroup/memory.max", 128 * MIB + "\n");
        assertEquals(64 * MIB, machine.memoryBytes());
    }

    @Test
    void ignoresControlGroupWithoutLimit() throws IOException {
        write("proc/self/cgroup", "0::/\n");
        write("cgroup/memory.max", "max\n");
        assertEquals(1024 * MIB, machine.memoryBytes());
    }

    @Test
    void asksTheJdkWhereThereIsNoProc() throws IOException {
        final Machine elsewhere =
                new LocalMachine(temp, temp, temp.resolve("none"), temp.resolve("none"));
        assertTrue(elsewhere.memoryBytes() > 16 * MIB, "no JVM runs in less");
    }

    @Test
    void refusesToGuess() throws IOException {
        write("proc/meminfo", "MemTotal: much\n");
        assertThrows(IOException.class, machine::memoryBytes);
        write("proc/meminfo", "MemFree: 4 kB\n");
        assertThrows(IOException.class, machine::memoryBytes);
    }

    @Test
    void asksForTheStoreOfAFolderThatDoesNotExistYet() throws IOException {
        final Machine real = new LocalMachine(temp.resolve("not/yet"), temp.resolve("nor/this"));
        assertEquals(Files.getFileStore(temp).getTotalSpace(), real.runStoreBytes());
        assertEquals(temp.resolve("not/yet").toAbsolutePath(), real.runDirectory());
        assertTrue(real.memoryBytes() > 16 * MIB, "no JVM runs in less");
    }

    private void write(final String name, final String text) throws IOException {
        final Path file = temp.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
