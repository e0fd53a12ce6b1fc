package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.ExitClass;
import io.coppice.system.daemons.CounterDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whom the watchdog kills, and whom it does not. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class WatchdogIT {
    private static final long STALL_MS = 5_000;

    /** Turns of root that take longer than a daemon has to write its stacks. */
    private static final long LATER = 25;

    @RegisterExtension static final TestArea AREA = new TestArea();

    private final OperatingSystem os = OperatingSystem.current();

    @Test
    void aDaemonThatIsStoppedAloneIsKilledAndComesBack() {
        final TestTree tree =
                tree("stopped", "'standby': 0", "'dumpAfter': '1 s', 'killAfter': '2 s'");
        tree.awaitProgress("counter", 1);
        final long pid = tree.pid("counter");
        os.signal(pid, Signals.STOP);
        tree.awaitReady("counter", 2);
        assertEquals(ExitClass.WATCHDOG, tree.lastExit("counter"));
        tree.awaitDeath(pid);
        Waiting.until("its stacks were asked for", () -> dumps(tree).size() == 1);
    }

    @Test
    void aStallOfTheWholeTreeKillsNobodyAndAsksNobodyForItsStacks() throws Exception {
        final TestTree tree =
                tree("stall", "'standby': 1", "'dumpAfter': '1 s', 'killAfter': '1 s'");
        final long standby = tree.awaitWarmStandby("counter");
        tree.awaitProgress("counter", 1);
        final long root = tree.rootPid();
        final long daemon = tree.pid("counter");
        os.signal(root, Signals.STOP);
        os.signal(daemon, Signals.STOP);
        os.signal(standby, Signals.STOP);
        // The stall itself: longer than what a starved daemon is given, and nothing there is to
        // wait for.
        Thread.sleep(STALL_MS);
        os.signal(root, Signals.CONT);
        final long beats = tree.board().heartbeat();
        Waiting.until("root turns again", () -> tree.board().heartbeat() > beats + 2);
        os.signal(daemon, Signals.CONT);
        os.signal(standby, Signals.CONT);
        final long progress = tree.progress("counter");
        tree.awaitProgress("counter", progress + 1);
        // By then root has looked at the dump that it had asked for.
        final long later = tree.board().heartbeat() + LATER;
        Waiting.until("root has turned", () -> tree.board().heartbeat() > later);

        assertEquals(root, tree.rootPid());
        assertEquals(daemon, tree.pid("counter"));
        assertEquals(1, tree.epoch("counter"));
        assertEquals(standby, tree.awaitWarmStandby("counter"));
        assertEquals(0, tree.word("counter", BoardWord.STANDBY_DEATHS));
        assertTrue(tree.board().deaths(tree.plan("counter").slot()).isEmpty());
        assertFalse(tree.log("counter").contains("Full thread dump"), tree.log("counter"));
        assertEquals(List.of(), dumps(tree));
    }

    private static List<Path> dumps(final TestTree tree) throws IOException {
        final Path crashes = tree.folder().resolve("crash");
        if (!Files.exists(crashes)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(crashes)) {
            return files.filter(file -> file.toString().endsWith(".threads.txt")).toList();
        }
    }

    private static TestTree tree(final String name, final String member, final String watchdog) {
        return new TestTree(
                        AREA,
                        new TestManifest(name)
                                .daemon(
                                        "counter",
                                        CounterDaemon.class,
                                        member,
                                        "'watchdog': {" + watchdog + "}"))
                .up();
    }
}
