package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.board.Board;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.TreeState;
import io.coppice.system.daemons.CounterDaemon;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A tree whose run directory goes away, or that was started without a place to print to. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class LostGroundIT {
    private static final long SOME = 5;
    private static final String OFTEN =
            "'restart': {'backoff': '1 ms .. 20 ms', 'limit': 1000, 'within': '600 s'}";

    @RegisterExtension static final TestArea AREA = new TestArea();

    @Test
    void aRunDirectoryThatIsRemovedIsSaidOnceAndTheTreeGoesOnToAnOrderlyStop() throws Exception {
        final TestTree tree =
                new TestTree(
                        AREA,
                        new TestManifest("removed")
                                .daemon("healthy", CounterDaemon.class)
                                .daemon("victim", CounterDaemon.class, OFTEN));
        final CoppiceCli.Running console = tree.start();
        tree.awaitReady("victim", 1);
        tree.awaitReady("healthy", 1);
        tree.awaitProgress("healthy", SOME);
        final Board board = tree.board();
        final int victim = tree.plan("victim").slot();
        final int healthy = tree.plan("healthy").slot();
        final long root = board.rootPid();
        final long pid = board.word(healthy, BoardWord.PID);
        final Process removal =
                new ProcessBuilder("rm", "-rf", tree.folder().toString()).inheritIO().start();
        assertEquals(0, removal.waitFor());
        TestTree.kill(board.word(victim, BoardWord.PID));
        Waiting.until(
                "root tries to start it again",
                () ->
                        board.state(victim) == DaemonState.BACKING_OFF
                                && board.word(victim, BoardWord.EPOCH) > 5);
        Waiting.until(
                "the console says so",
                () -> console.errors().stream().anyMatch(LostGroundIT::namesTheLoss));
        // The file has no name any more, and root still has it.
        final String rootLog =
                Files.readString(
                        Path.of("/proc", Long.toString(root), "fd/2"), StandardCharsets.UTF_8);
        assertEquals(1, rootLog.lines().filter(LostGroundIT::namesTheLoss).count(), rootLog);
        assertTrue(TestTree.isAlive(root));
        assertEquals(pid, board.word(healthy, BoardWord.PID));
        assertEquals(1, board.word(healthy, BoardWord.EPOCH));
        tree.awaitProgress("healthy", tree.progress("healthy") + SOME);

        OperatingSystem.current().signal(root, Signals.TERM);
        console.await();
        assertEquals(
                1, console.errors().stream().filter(LostGroundIT::namesTheLoss).count(), "once");
        assertEquals(TreeState.STOPPED, board.treeState());
        assertFalse(TestTree.isAlive(pid));
        assertFalse(TestTree.isAlive(root));
    }

    private static boolean namesTheLoss(final String line) {
        return line.contains("the run directory") && line.contains("is gone");
    }

    @Test
    void withoutStdinStdoutAndStderrTheTreeRunsAndStops() throws IOException {
        final CoppiceCli cli =
                AREA.cli().through("bash", "-c", "exec \"$@\" <&- >&- 2>&-", "closed");
        final HostileDaemonTree hostile = silent(cli, "mute");
        final CoppiceCli.Running console = hostile.start();
        final TestTree tree = hostile.tree();
        respawn(tree);
        final Path console0 = Path.of("/proc", Long.toString(console.pid()), "fd");
        for (final String descriptor : new String[] {"0", "1", "2"}) {
            assertEquals(
                    Path.of("/dev/null"), Files.readSymbolicLink(console0.resolve(descriptor)));
        }
        hostile.requireUntouched();
        assertEquals(0, AREA.cli().run("stop", "mute").exitCode());
        assertEquals(0, console.await().exitCode());
    }

    @Test
    void aConsoleWhoseReaderGoesAwayEndsNoTree() throws Exception {
        final CoppiceCli cli =
                AREA.cli().through("bash", "-c", "{ \"$@\"; } 2>&1 | true", "closed");
        final HostileDaemonTree hostile = silent(cli, "unheard");
        final CoppiceCli.Running console = hostile.start();
        final TestTree tree = hostile.tree();
        respawn(tree);
        hostile.requireUntouched();
        assertEquals(0, AREA.cli().run("stop", "unheard").exitCode());
        console.await();
        assertEquals(TreeState.STOPPED, tree.treeState());
    }

    /** A tree with a daemon that is to be killed, and one that is to notice nothing of that. */
    private static HostileDaemonTree silent(final CoppiceCli cli, final String name) {
        return new HostileDaemonTree(AREA, cli, name, CounterDaemon.class, OFTEN);
    }

    private static void respawn(final TestTree tree) {
        tree.awaitReady(HostileDaemonTree.HOSTILE, 1);
        tree.killDaemon(HostileDaemonTree.HOSTILE);
        tree.awaitReady(HostileDaemonTree.HOSTILE, 2);
        tree.awaitProgress(HostileDaemonTree.HOSTILE, SOME);
    }
}
