package io.coppice.root.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.coppice.os.OperatingSystem;
import io.coppice.os.WaitPoint;
import io.coppice.pool.board.DaemonState;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Root's loop in its steady state must leave nothing to the garbage collector, in a JVM with all
 * its compilers and in one that has no C2, as root's has none.
 */
@Tag("allocation")
class RootAllocationTest {
    private static final int WINDOWS_MOST = 10;
    private static final int TURNS = 10_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir Path folder;

    @Test
    void idleTurnsWithReadyDaemonsAllocateNothing() throws Exception {
        final OperatingSystem os = OperatingSystem.current();
        Assumptions.assumeTrue("linux".equals(os.name()), "Linux");
        final Process[] processes = new Process[3];
        try (WaitPoint waitPoint = os.openWaitPoint(3, folder.resolve("doorbell"))) {
            final int[] started = new int[1];
            final LoopTree tree =
                    new LoopTree(
                            folder,
                            os,
                            waitPoint,
                            () -> {
                                final Process process = new ProcessBuilder("sleep", "120").start();
                                processes[started[0]++] = process;
                                return process;
                            },
                            0,
                            0,
                            LoopTree.daemon(1, true, List.of()),
                            LoopTree.daemon(2, true, List.of(1)),
                            LoopTree.daemon(3, false, List.of(1, 2)));
            final Spawner spawner = new Spawner(folder, Kin.of(os, folder, tree.board.reader()));
            tree.loop.lookAfter(spawner);
            for (final DaemonSlot daemon : tree.daemons) {
                spawner.keepLogsOf(daemon.plan());
            }
            tree.startAll();

            // A compiled method that is given up moves its objects back to the heap, once; so the
            // first windows may count some, and one of them has to be free of any.
            long allocatedBytes = -1;
            for (int window = 0; window < WINDOWS_MOST && allocatedBytes != 0; window++) {
                final long before = THREADS.getCurrentThreadAllocatedBytes();
                idle(tree, waitPoint);
                allocatedBytes = THREADS.getCurrentThreadAllocatedBytes() - before;
            }

            assertEquals(0, allocatedBytes, "bytes allocated by " + TURNS + " turns");
            assertEquals(3, started[0]);
            for (int slot = 1; slot <= 3; slot++) {
                assertEquals(DaemonState.READY, tree.state(slot));
            }
            assertTrue(tree.board.reader().heartbeat() > TURNS);
        } finally {
            for (final Process process : processes) {
                if (process != null) {
                    process.destroyForcibly().waitFor();
                }
            }
        }
    }

    private static void idle(final LoopTree tree, final WaitPoint waitPoint) {
        for (int turn = 0; turn < TURNS; turn++) {
            tree.turn();
            for (int slot = 1; slot <= 3; slot++) {
                tree.beat(slot);
            }
            if (tree.loop.waitNs(tree.nowNs) > 0) {
                waitPoint.await(0);
            }
        }
    }
}
