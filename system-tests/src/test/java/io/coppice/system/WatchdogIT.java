package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.board.ExitClass;
import io.coppice.system.daemons.CounterDaemon;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whom the watchdog kills, and whom it does not. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class WatchdogIT {
    private static final long STALL_MS = 4_000;

    @RegisterExtension static final TestArea AREA = new TestArea();

    private final OperatingSystem os = OperatingSystem.current();

    @Test
    void aDaemonThatIsStoppedAloneIsKilledAndComesBack() {
        final TestTree tree = tree("stopped");
        tree.awaitProgress("counter", 1);
        final long pid = tree.pid("counter");
        os.signal(pid, Signals.STOP);
        tree.awaitReady("counter", 2);
        assertEquals(ExitClass.WATCHDOG, tree.lastExit("counter"));
        tree.awaitDeath(pid);
    }

    @Test
    void aStallOfTheWholeTreeKillsNobody() throws InterruptedException {
        final TestTree tree = tree("stall");
        tree.awaitProgress("counter", 1);
        final long root = tree.rootPid();
        final long daemon = tree.pid("counter");
        os.signal(root, Signals.STOP);
        os.signal(daemon, Signals.STOP);
        // The stall itself: longer than killAfter, and nothing there is to wait for.
        Thread.sleep(STALL_MS);
        os.signal(root, Signals.CONT);
        final long beats = tree.board().heartbeat();
        Waiting.until("root turns again", () -> tree.board().heartbeat() > beats + 2);
        os.signal(daemon, Signals.CONT);
        final long progress = tree.progress("counter");
        tree.awaitProgress("counter", progress + 1);

        assertEquals(daemon, tree.pid("counter"));
        assertEquals(1, tree.epoch("counter"));
        assertTrue(tree.board().deaths(tree.plan("counter").slot()).isEmpty());
    }

    private static TestTree tree(final String name) {
        return new TestTree(
                        AREA,
                        new TestManifest(name)
                                .daemon(
                                        "counter",
                                        CounterDaemon.class,
                                        "'watchdog': {'dumpAfter': '1 s', 'killAfter': '2 s'}"))
                .up();
    }
}
