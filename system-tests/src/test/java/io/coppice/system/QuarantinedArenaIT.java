package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.ExitClass;
import io.coppice.pool.board.SetAside;
import io.coppice.system.daemons.CounterDaemon;
import io.coppice.system.daemons.RegionDaemon;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Arenas that no incarnation can recover: kept for a look at them, and replaced. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class QuarantinedArenaIT {
    private static final long SOME = 20;
    private static final int JOURNAL = ArenaLayout.FIXED_OFFSET;
    private static final int DAMAGE_BYTES = 4096;

    @RegisterExtension static final TestArea AREA = new TestArea();

    /** Something that happens to a file. */
    @FunctionalInterface
    private interface Damage {
        void to(RandomAccessFile file) throws IOException;
    }

    @Test
    void aJournalOfRandomBytesIsSetAsideAfterThreeTriesAndTheDaemonGoesOn() throws IOException {
        final TestTree tree =
                new TestTree(
                        AREA,
                        new TestManifest("aside")
                                .daemon("counter", CounterDaemon.class)
                                .daemon("sibling", CounterDaemon.class));
        tree.up();
        tree.awaitProgress("counter", SOME);
        final long siblingPid = tree.pid("sibling");
        damage(tree, "counter", QuarantinedArenaIT::fillJournalWithNoise);
        tree.awaitReady("counter", 5);

        assertEquals(5, tree.epoch("counter"), "the kill, and three failed recoveries");
        assertEquals(ExitClass.RECOVERY_FAILED, tree.lastExit("counter"));
        assertEquals(0, tree.word("counter", BoardWord.FAILED_RECOVERIES));
        assertTrue(tree.log("counter").endsWith("counter begins at 0\n"), tree.log("counter"));
        assertEquals(siblingPid, tree.pid("sibling"));
        assertEquals(1, tree.epoch("sibling"));

        final Path aside = tree.folder().resolve("counter.arena.quarantined");
        final String hint = "\"coppice state verify " + aside + "\"";
        final String rootLog = Files.readString(tree.folder().resolve("log/root.log"));
        assertTrue(rootLog.contains("SET ASIDE") && rootLog.contains(hint), rootLog);
        final String status = tree.cli().run("status", "aside").toString();
        assertTrue(status.contains("ARENA SET ASIDE as " + aside), status);
        assertTrue(status.contains(hint), status);
        final String json = tree.cli().run("status", "aside", "--json").toString();
        assertTrue(json.contains("\"setAside\" : [ \"" + aside + "\" ]"), json);
        assertBroken(tree, aside, "journal \"journal\": state ");

        tree.stop();
        final CoppiceCli.Result sound = tree.cli().run("state", "verify", "aside/counter");
        assertEquals(0, sound.exitCode(), sound::toString);
        tree.up();
        assertTrue(Files.exists(aside), "a later run leaves it");
        tree.stop();
        final CoppiceCli.Result cleaned = tree.cli().run("clean", "aside");
        assertTrue(
                cleaned.toString().contains("removed " + aside + ", which was set aside"),
                cleaned::toString);
        assertFalse(Files.exists(aside));
    }

    @Test
    void aFailureIsCountedOnceThoughRootDiesWhileItCounts() throws IOException {
        final SteppedTree stepped = new SteppedTree(AREA);
        stepped.begin("counted");
        for (final String step : RootStepLists.FAILED_RECOVERY) {
            final long bystander = stepped.tree().pid("still");
            final long epoch = stepped.tree().epoch("counter");
            final Process root = stepped.root("-Dcoppice.root.killAt=" + step);
            stepped.awaitRoot(root);
            damage(stepped.tree(), "counter", QuarantinedArenaIT::fillJournalWithNoise);
            stepped.assertKilled(root, step);

            stepped.assertWhole(step, bystander);
            assertEquals(
                    epoch + 4,
                    stepped.tree().epoch("counter"),
                    step + ": the kill, and three failed recoveries");
        }
        stepped.tree().up();
        stepped.tree().stop();
    }

    @Test
    void threeAreKeptOnDiskTooAndThenTheDaemonWaitsForAPerson() throws IOException {
        final Path state = AREA.files().resolve("state");
        final TestTree tree =
                new TestTree(
                        AREA.cli().with("COPPICE_STATE", state.toString()),
                        AREA.runFolder(),
                        "kept",
                        new TestManifest("kept")
                                .daemon(
                                        "counter",
                                        CounterDaemon.class,
                                        "'storage': 'disk'",
                                        "'recoveryLimit': 1",
                                        "'restart': {'limit': 100, 'backoff': '1 ms .. 5 ms'}")
                                .write(AREA.files()));
        final CoppiceCli.Running console = tree.start();
        tree.awaitReady("counter", 1);
        final Path arena = state.resolve("kept/counter.arena");
        final List<Damage> damages =
                List.of(
                        file -> word(file, ArenaLayout.MAGIC_OFFSET, 1),
                        file -> word(file, 8192, -1),
                        file -> file.setLength(9000));
        final List<Path> aside =
                List.of(suffixed(arena, ""), suffixed(arena, ".2"), suffixed(arena, ".3"));
        for (int i = 0; i < damages.size(); i++) {
            damage(tree, "counter", damages.get(i));
            tree.awaitReady("counter", 3 + 2 * i);
            assertTrue(Files.exists(aside.get(i)), aside.get(i)::toString);
        }
        assertBroken(tree, aside.get(0), "head: is not an arena");
        assertBroken(tree, aside.get(1), "directory entry 0 at offset 8192 is damaged");
        assertBroken(tree, aside.get(2), "head: is not an arena");
        for (final Path file : aside) {
            Waiting.until(
                    "the console says it",
                    () ->
                            console.errors().stream()
                                    .anyMatch(line -> line.contains("SET ASIDE as " + file + ";")));
        }

        damage(tree, "counter", file -> word(file, ArenaLayout.PHASE, 77));
        tree.awaitState("counter", DaemonState.QUARANTINED);
        assertEquals(SetAside.TOO_MANY, SetAside.of(tree.word("counter", BoardWord.SET_ASIDE)));
        final String status = tree.cli().run("status", "kept").toString();
        assertTrue(status.contains("as many arenas are set aside as are kept"), status);
        assertEquals(77, word(arena, ArenaLayout.PHASE), "left as it is");

        Files.delete(aside.get(1));
        final CoppiceCli.Result released = tree.cli().run("release", "kept/counter");
        assertEquals(0, released.exitCode(), released::toString);
        assertEquals(77, word(aside.get(1), ArenaLayout.PHASE));
        tree.stop();
        assertEquals(0, console.await().exitCode());
        final CoppiceCli.Result cleaned = tree.cli().run("clean", "kept");
        assertEquals(0, cleaned.exitCode(), cleaned::toString);
        assertFalse(Files.exists(state.resolve("kept")), "nothing is left behind");
    }

    @Test
    void anotherLayoutIsNoDamage() {
        final TestTree tree =
                new TestTree(
                        AREA,
                        new TestManifest("layout")
                                .daemon(
                                        "region",
                                        RegionDaemon.class,
                                        "'settings': {'bytes': '64'}",
                                        "'recoveryLimit': 1",
                                        "'restart': {'limit': 2, 'backoff': '1 ms .. 5 ms'}"));
        tree.up();
        tree.stop();
        final CoppiceCli.Running console = tree.start("--set", "region.bytes=128");
        tree.awaitState("region", DaemonState.QUARANTINED);
        assertEquals(ExitClass.START_FAILURE, tree.lastExit("region"));
        assertTrue(tree.log("region").contains("this build wants REGION of 128"));
        assertFalse(Files.exists(tree.folder().resolve("region.arena.quarantined")));
        tree.stop();
        assertEquals(0, console.await().exitCode());

        tree.up();
        assertTrue(tree.log("region").endsWith("opening 2\n"), tree.log("region"));
    }

    /** Damages a daemon's arena while it cannot mend it, then kills it. */
    private static void damage(final TestTree tree, final String daemon, final Damage damage)
            throws IOException {
        final long pid = tree.pid(daemon);
        assertTrue(OperatingSystem.current().signal(pid, Signals.STOP));
        Waiting.until("it stands still", () -> isStopped(pid));
        try (RandomAccessFile file =
                new RandomAccessFile(tree.folder().resolve(daemon + ".arena").toFile(), "rw")) {
            damage.to(file);
        }
        TestTree.kill(pid);
    }

    private static void fillJournalWithNoise(final RandomAccessFile file) throws IOException {
        final byte[] noise = new byte[DAMAGE_BYTES];
        new Random(19).nextBytes(noise);
        file.seek(JOURNAL);
        file.write(noise);
    }

    private static boolean isStopped(final long pid) {
        try {
            final String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
        } catch (final IOException gone) {
            throw new AssertionError("process " + pid + " is gone", gone);
        }
    }

    private static void word(final RandomAccessFile file, final long offset, final long value)
            throws IOException {
        file.seek(offset);
        file.writeLong(Long.reverseBytes(value));
    }

    private static long word(final Path path, final long offset) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            file.seek(offset);
            return Long.reverseBytes(file.readLong());
        }
    }

    private static Path suffixed(final Path arena, final String suffix) {
        return arena.resolveSibling(arena.getFileName() + ".quarantined" + suffix);
    }

    private static void assertBroken(final TestTree tree, final Path file, final String line) {
        final CoppiceCli.Result result = tree.cli().run("state", "verify", file.toString());
        assertEquals(65, result.exitCode(), result::toString);
        assertTrue(
                result.stdout().stream().anyMatch(each -> each.contains(line)), result::toString);
    }
}
