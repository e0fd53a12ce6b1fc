package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.StandbyState;
import io.coppice.system.daemons.CounterDaemon;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A tree to which something bad is done, and the promise that must hold after each deed: root is
 * the same process and turns, and the daemons that nothing was done to are the same incarnations
 * and serve.
 *
 * <pre>
 *   bystander, other   nothing is done to them
 *   victim             something is done to its files
 *   pair               the same, with a standby
 * </pre>
 */
final class HostileTree {
    static final String VICTIM = "victim";
    static final String PAIR = "pair";
    static final String[] HEALTHY = {"bystander", "other"};

    private static final String OFTEN =
            "'restart': {'backoff': '1 ms .. 50 ms', 'limit': 1000, 'within': '600 s'}";
    private static final String FEW = "'recoveryLimit': 1";
    private static final long SOME = 5;

    private final TestTree tree;
    private final Map<String, Long> pids = new HashMap<>();
    private final Map<String, Long> epochs = new HashMap<>();
    private long root;

    HostileTree(final TestTree tree) {
        this.tree = tree;
    }

    /** Returns its manifest. */
    static TestManifest manifest(final String name) {
        return new TestManifest(name)
                .daemon(HEALTHY[0], CounterDaemon.class)
                .daemon(HEALTHY[1], CounterDaemon.class)
                .daemon(VICTIM, CounterDaemon.class, OFTEN, FEW)
                .daemon(PAIR, CounterDaemon.class, "'standby': 1", OFTEN, FEW);
    }

    TestTree tree() {
        return tree;
    }

    /** Remembers who lives. */
    void begin() {
        root = tree.rootPid();
        for (final String daemon : HEALTHY) {
            pids.put(daemon, tree.pid(daemon));
            epochs.put(daemon, tree.epoch(daemon));
        }
    }

    /** Asserts that root and the healthy go on as if nothing had happened. */
    void assertUntouched() {
        assertRootTurns();
        for (final String daemon : HEALTHY) {
            assertEquals(pids.get(daemon), tree.pid(daemon), daemon);
            assertEquals(epochs.get(daemon), tree.epoch(daemon), daemon);
            assertTrue(TestTree.isAlive(tree.pid(daemon)), daemon);
            tree.awaitProgress(daemon, tree.progress(daemon) + SOME);
        }
    }

    /** Asserts that root is the process it was, and turns. */
    void assertRootTurns() {
        assertTrue(TestTree.isAlive(root), "root lives");
        assertEquals(root, tree.rootPid());
        final long beats = tree.board().heartbeat();
        Waiting.until("root turns", () -> tree.board().heartbeat() > beats);
    }

    /** Waits until the damaged ones serve again in a later incarnation. */
    void awaitRecovery(final String daemon, final long deadEpoch) {
        tree.awaitReady(daemon, deadEpoch + 1);
        Waiting.until(
                daemon + " and its standby are there",
                () ->
                        tree.state(daemon) == DaemonState.READY
                                && (!daemon.equals(PAIR)
                                        || tree.word(PAIR, BoardWord.STANDBY_STATE)
                                                == StandbyState.WARM.ordinal()));
    }

    /** Returns the pids of a daemon and its standby, 0 where there is none. */
    long[] processes(final String daemon) {
        return new long[] {
            tree.word(daemon, BoardWord.STANDBY_PID), tree.word(daemon, BoardWord.PID)
        };
    }

    /**
     * Kills processes that the board has named while it was sound: afterwards it may name any
     * process of this machine.
     */
    static void killAll(final long[] pids) {
        for (final long pid : pids) {
            if (pid > 1) {
                // One that has ended meanwhile is as good.
                OperatingSystem.current().signal(pid, Signals.KILL);
            }
        }
    }

    /** Makes room for the next arena that is set aside: three are kept. */
    void dropWhatWasSetAside() {
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(tree.folder(), "*.quarantined*")) {
            for (final Path file : files) {
                Files.delete(file);
            }
        } catch (final IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    String rootLog() {
        try {
            return Files.readString(tree.folder().resolve("log/root.log"));
        } catch (final IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    void assertRootSaid(final String text) {
        assertTrue(rootLog().contains(text), this::rootLog);
    }
}
