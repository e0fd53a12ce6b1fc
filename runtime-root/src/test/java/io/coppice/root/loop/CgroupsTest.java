package io.coppice.root.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where root's cgroup is, with plain files in its place. */
class CgroupsTest {
    private static final String OTHER =
            "25 20 0:22 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n";

    @TempDir Path folder;

    private Path membership;
    private Path mounts;
    private Path own;

    @BeforeEach
    void lay() throws IOException {
        membership = Files.writeString(folder.resolve("cgroup"), "4:memory:/x\n0::/a/b\n");
        mounts = folder.resolve("mountinfo");
        mount("/", folder.resolve("unified"));
        own = Files.createDirectories(folder.resolve("unified/a/b"));
        Files.createFile(own.resolve("cgroup.procs"));
        Files.createFile(own.resolve("cgroup.kill"));
    }

    private void mount(final String root, final Path place) throws IOException {
        Files.writeString(
                mounts,
                OTHER + "26 20 0:23 " + root + " " + place + " rw,nosuid - cgroup2 cgroup2 rw\n");
    }

    private Cgroups cgroups() {
        return Cgroups.of(membership, mounts, folder.resolve("run/tree"));
    }

    @Test
    void anIncarnationIsPutIntoALeafThatIsKilled() throws IOException {
        final Path leaf = Files.createDirectories(own.resolve("coppice-tree-2.17"));
        final Path spared = Files.createDirectories(own.resolve("coppice-tree-1.3"));
        final Path stranger = Files.createDirectories(own.resolve("coppice-other-1.4"));
        for (final Path each : Set.of(leaf, spared, stranger)) {
            Files.createFile(each.resolve("cgroup.procs"));
            Files.createFile(each.resolve("cgroup.kill"));
        }

        cgroups().put(2, 17, 4711);
        assertEquals("4711", Files.readString(leaf.resolve("cgroup.procs")));
        assertEquals("", Files.readString(leaf.resolve("cgroup.kill")));
        cgroups().end(Set.of("1.3"));
        assertEquals("1", Files.readString(leaf.resolve("cgroup.kill")));
        assertEquals("", Files.readString(spared.resolve("cgroup.kill")));
        assertEquals("", Files.readString(stranger.resolve("cgroup.kill")));
        cgroups().kill(1, 3);
        assertEquals("1", Files.readString(spared.resolve("cgroup.kill")));

        Files.createDirectory(own.resolve("coppice-tree-2.18"));
        cgroups().remove(2, 18);
        assertFalse(Files.exists(own.resolve("coppice-tree-2.18")));
        cgroups().kill(2, 19);
        cgroups().remove(2, 19);
    }

    @Test
    void aCgroupThatIsMountedBelowTheRootIsFound() throws IOException {
        Files.createFile(folder.resolve("unified/a/cgroup.procs"));
        mount("/a", folder.resolve("unified/a"));
        assertTrue(cgroups().isDelegated());
        mount("/elsewhere", folder.resolve("unified"));
        assertFalse(cgroups().isDelegated());
    }

    @Test
    void whatIsNotDelegatedIsLeftAlone() throws IOException {
        Files.delete(own.resolve("cgroup.kill"));
        assertFalse(cgroups().isDelegated(), "the root of a hierarchy has none");
        cgroups().put(1, 1, 1);
        cgroups().kill(1, 1);
        cgroups().end(Set.of());
        assertFalse(Files.exists(own.resolve("coppice-tree-1.1")));
        Files.writeString(membership, "4:memory:/x\n");
        assertFalse(cgroups().isDelegated());
        Files.delete(membership);
        assertFalse(cgroups().isDelegated());
    }
}
