package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.coppice.system.daemons.CounterDaemon;
import java.io.IOException;
import java.io.OutputStream;
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

/** A run folder without room is an error at the start, never a SIGBUS later. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class FullFileSystemIT {
    private static final int FREE_BYTES = 3 * 1024 * 1024;
    private static final int ALL_BYTES = 16 * 1024 * 1024;

    @RegisterExtension static final TestArea AREA = new TestArea();

    private Path small;
    private boolean mounted;

    @BeforeEach
    void mountASmallFileSystem() throws Exception {
        small = Files.createTempDirectory(AREA.files(), "small");
        mounted =
                command(
                        "mount",
                        "-t",
                        "tmpfs",
                        "-o",
                        "size=" + ALL_BYTES,
                        "tmpfs",
                        small.toString());
        assumeTrue(mounted, "this user may not mount a file system");
        Files.write(small.resolve("filler"), new byte[ALL_BYTES - FREE_BYTES]);
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            // Lazily: what this process has mapped stays mapped as long as it lives.
            assertTrue(command("umount", "--lazy", small.toString()), "it stays mounted");
        }
    }

    @Test
    void noRoomForTheArenasIs71WithTheNumbersAndLeavesNoArena() throws IOException {
        final Path run = small.resolve("run");
        final TestManifest manifest =
                new TestManifest("large")
                        .daemon("one", CounterDaemon.class)
                        .daemon("two", CounterDaemon.class);
        final TestTree tree =
                new TestTree(AREA.cli(run), run, "large", manifest.write(AREA.files()));
        final CoppiceCli.Result result = tree.start().await();
        assertEquals(71, result.exitCode(), result::toString);
        assertEquals(1, result.stderr().size(), result::toString);
        final String line = result.stderr().get(0);
        assertTrue(line.startsWith("coppice: " + tree.folder() + ": "), line);
        assertTrue(line.contains("4194304 bytes are needed (one 2097152 + two 2097152)"), line);
        assertTrue(line.contains(" of " + ALL_BYTES + " are free"), line);
        try (Stream<Path> files = Files.walk(run)) {
            assertEquals(
                    List.of(), files.filter(file -> file.toString().endsWith(".arena")).toList());
        }
        Files.delete(small.resolve("filler"));
        tree.up();
        tree.stop();
    }

    @Test
    void aFileSystemThatFillsUpToItsLastByteLaterEndsNobody() throws IOException {
        Files.delete(small.resolve("filler"));
        final Path run = small.resolve("run");
        final HostileTree hostile =
                new HostileTree(
                        new TestTree(
                                AREA.cli(run),
                                run,
                                "full",
                                HostileTree.manifest("full").write(AREA.files())));
        final TestTree tree = hostile.tree().up();
        hostile.awaitRecovery(HostileTree.PAIR, 0);
        hostile.begin();
        fill();
        final long victim = tree.epoch(HostileTree.VICTIM);
        final long pair = tree.epoch(HostileTree.PAIR);
        HostileTree.killAll(hostile.processes(HostileTree.VICTIM));
        HostileTree.killAll(hostile.processes(HostileTree.PAIR));
        // Their arenas have every page they need.
        hostile.awaitRecovery(HostileTree.VICTIM, victim);
        hostile.awaitRecovery(HostileTree.PAIR, pair);
        hostile.assertUntouched();
        assertEquals(0, small.toFile().getUsableSpace());

        Files.delete(small.resolve("filler"));
        HostileTree.killAll(hostile.processes(HostileTree.VICTIM));
        hostile.awaitRecovery(HostileTree.VICTIM, victim + 1);
        hostile.assertUntouched();
        tree.stop();
    }

    /** Writes until there is not a byte left. */
    private void fill() throws IOException {
        final byte[] page = new byte[4096];
        try (OutputStream filler = Files.newOutputStream(small.resolve("filler"))) {
            while (true) {
                filler.write(page);
            }
        } catch (final IOException full) {
            assertEquals(0, small.toFile().getUsableSpace(), full::toString);
        }
    }

    private static boolean command(final String... words) throws Exception {
        return new ProcessBuilder(words)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }
}
