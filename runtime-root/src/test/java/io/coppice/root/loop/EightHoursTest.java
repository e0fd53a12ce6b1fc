package io.coppice.root.loop;

import static io.coppice.root.loop.LoopTree.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.TreeState;
import io.coppice.pool.plan.DaemonPlan;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Eight hours of root's turns, with a clock of the test that overflows in the middle. Every death
 * is judged a second time by {@link SimulatedHours}.
 */
@Tag("allocation")
class EightHoursTest {
    private static final long HOUR_NS = 3600 * SECOND_NS;
    private static final int DAEMONS = 6;

    /** A compiled method that is given up moves its objects back to the heap, once. */
    private static final int ALLOCATING_TURNS_MOST = 20;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir Path folder;

    private final SimulatedSystem os = new SimulatedSystem();

    @Test
    void eightHoursOfDeathsLeaveNothingBehind() throws Exception {
        final DaemonPlan[] plans = new DaemonPlan[DAEMONS];
        for (int i = 0; i < DAEMONS; i++) {
            plans[i] = LoopTree.daemon(i + 1, false, List.of());
        }
        final LoopTree tree = LoopTree.simulated(folder, os, plans);
        tree.nowNs = Long.MAX_VALUE - 4 * HOUR_NS;
        final long seed = System.nanoTime();
        System.out.println("EightHoursTest: seed " + seed);
        final SimulatedHours hours = new SimulatedHours(tree, seed);

        final PrintStream before = System.err;
        final ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            run(hours);
        } finally {
            System.setErr(before);
        }
        assertTrue(tree.nowNs < 0, "the clock has overflowed");
        hours.assertBoard();
        assertEquals("", said.toString(StandardCharsets.UTF_8), "nothing to complain of");
        assertTrue(os.waitPoint.tokens() <= DAEMONS, "every watch was given back");
        try (Stream<Path> reports = Files.list(folder.resolve("crash"))) {
            assertTrue(reports.count() <= 64, "old reports are deleted");
        }
        assertTrue(os.signals.isEmpty(), () -> "somebody healthy got " + os.signals.get(0));

        hours.settle();
        tree.startAll();
        for (int slot = 1; slot <= DAEMONS; slot++) {
            assertEquals(DaemonState.READY, tree.state(slot));
        }
        tree.loop.requestStop();
        tree.turn();
        for (int slot = DAEMONS; slot >= 1; slot--) {
            assertTrue(tree.isAskedToStop(slot));
            tree.die(slot, 0);
            tree.turn();
        }
        assertTrue(tree.loop.isEnded());
        assertEquals(TreeState.STOPPING, tree.treeState());
    }

    private static void run(final SimulatedHours hours) {
        while (hours.elapsedNs() < HOUR_NS) {
            hours.turn();
        }
        int allocating = 0;
        long quiet = 0;
        while (hours.elapsedNs() < 8 * HOUR_NS) {
            final long bytes = THREADS.getCurrentThreadAllocatedBytes();
            hours.turn();
            if (hours.wasQuiet()) {
                quiet++;
                allocating += THREADS.getCurrentThreadAllocatedBytes() > bytes ? 1 : 0;
            }
        }
        System.out.println(
                "EightHoursTest: "
                        + hours.turns()
                        + " turns, "
                        + hours.deaths()
                        + " deaths, "
                        + hours.quarantines()
                        + " quarantines, "
                        + allocating
                        + " of "
                        + quiet
                        + " quiet turns allocated");
        assertTrue(quiet > 100_000, "most turns are quiet");
        assertTrue(allocating <= ALLOCATING_TURNS_MOST, allocating + " quiet turns allocated");
        assertTrue(hours.deaths() > 500 && hours.quarantines() > 0, "it was no idyll");
    }
}
