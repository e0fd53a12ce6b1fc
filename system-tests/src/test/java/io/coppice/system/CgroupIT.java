package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.coppice.system.daemons.ScriptDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** In a delegated cgroup nobody hides, where this user may make one. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class CgroupIT {
    private static final int PLACE_FIELD = 4;

    @RegisterExtension static final TestArea AREA = new TestArea();

    private Path delegated;

    @BeforeEach
    void delegate() throws IOException {
        final Path hierarchy = hierarchy();
        assumeTrue(hierarchy != null && Files.isWritable(hierarchy), "a hierarchy of version 2");
        delegated =
                Files.createDirectory(
                        hierarchy.resolve("coppice-test-" + ProcessHandle.current().pid()));
        assumeTrue(Files.isWritable(delegated.resolve("cgroup.kill")), "Linux from 5.14 on");
    }

    @AfterEach
    void remove() throws IOException {
        if (delegated != null) {
            Files.writeString(delegated.resolve("cgroup.kill"), "1");
            for (final Path leaf : leaves()) {
                Waiting.until("nobody is in " + leaf, () -> isEmpty(leaf));
                Files.delete(leaf);
            }
            Waiting.until("nobody is in " + delegated, () -> isEmpty(delegated));
            Files.delete(delegated);
        }
    }

    @Test
    void whoHasClearedItsEnvironmentAndLeftItsSessionAndItsParentEndsTooAndLeavesNoCgroup()
            throws IOException {
        final Path book = AREA.files().resolve("cgroup-book");
        final HostileDaemonTree hidden =
                new HostileDaemonTree(
                        AREA,
                        AREA.cli()
                                .through(
                                        "sh",
                                        "-c",
                                        "echo $$ > "
                                                + delegated.resolve("cgroup.procs")
                                                + "; exec \"$@\"",
                                        "sh"),
                        "hidden",
                        ScriptDaemon.class,
                        "'settings': {'script': '"
                                + HostileDaemonTree.script(
                                        AREA,
                                        "hidden",
                                        "(env -i setsid /bin/sh -c 'echo $$ >> "
                                                + book
                                                + "; exec sleep 3600' &)\n")
                                + "'}");
        hidden.up();
        final TestTree tree = hidden.tree();
        Waiting.until("it hides", () -> Files.exists(book) && Files.size(book) > 0);
        final long hiding = Long.parseLong(Files.readAllLines(book).get(0));
        assertTrue(TestTree.isAlive(hiding));

        tree.killDaemon(HostileDaemonTree.HOSTILE);

        tree.awaitDeath(hiding);
        tree.awaitReady(HostileDaemonTree.HOSTILE, 2);
        Waiting.until("the leaf is gone", () -> leaves().size() == 2);
        hidden.requireUntouchedAndStop();
        assertEquals(List.of(), leaves());
        for (final String pid : Files.readAllLines(book)) {
            assertTrue(!TestTree.isAlive(Long.parseLong(pid)), "process " + pid);
        }
    }

    private List<Path> leaves() throws IOException {
        try (Stream<Path> entries = Files.list(delegated)) {
            return entries.filter(Files::isDirectory).toList();
        }
    }

    private static boolean isEmpty(final Path cgroup) throws IOException {
        return Files.readString(cgroup.resolve("cgroup.procs")).isEmpty();
    }

    private static Path hierarchy() throws IOException {
        final Path mounts = Path.of("/proc/self/mountinfo");
        if (!Files.exists(mounts)) {
            return null;
        }
        for (final String line : Files.readAllLines(mounts)) {
            if (line.contains(" - cgroup2 ")) {
                return Path.of(line.split(" ", -1)[PLACE_FIELD]);
            }
        }
        return null;
    }
}
