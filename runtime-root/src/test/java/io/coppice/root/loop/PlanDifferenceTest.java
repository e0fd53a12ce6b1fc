package io.coppice.root.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.OnCrash;
import io.coppice.pool.plan.TreePlan;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanDifferenceTest {
    private final DaemonPlan writer = LoopTree.daemon(1, false, List.of());
    private final DaemonPlan reader = LoopTree.daemon(2, false, List.of());
    private final DaemonPlan other = LoopTree.daemon(3, false, List.of());

    @Test
    void whatRootAloneLooksAtChangesUnderADaemonThatGoesOn() {
        assertEquals(
                "keeps daemon1, daemon2",
                words(tree(writer, reader), tree(LoopTree.daemon(1, true, List.of(2)), reader)));
    }

    @Test
    void whatTheProcessHasTakenFromThePlanDoesNot() {
        assertEquals(
                "restarts daemon1; keeps daemon2",
                words(
                        tree(writer, reader),
                        tree(writer.rehearsing(1 << 20, OnCrash.RESUME, List.of()), reader)));
        assertEquals(
                "restarts daemon1; keeps daemon2",
                words(
                        tree(writer, reader),
                        tree(
                                writer.rehearsing(writer.memoryBytes(), OnCrash.RESET, List.of()),
                                reader)));
    }

    @Test
    void comingAndGoingIsNobodyElsesMatter() {
        assertEquals(
                "starts daemon3; stops daemon2; keeps daemon1",
                words(tree(writer, reader), tree(writer, other)));
    }

    @Test
    void whoReadsWhomConcernsBoth() {
        assertEquals(
                "restarts daemon1, daemon2; keeps daemon3",
                words(tree(writer, reader, other), tree(readBy(writer, 2), reader, other)));
        assertEquals(
                "restarts daemon1; stops daemon2; keeps daemon3",
                words(tree(readBy(writer, 2), reader, other), tree(writer, other)));
        assertEquals(
                "starts daemon2; restarts daemon1; keeps daemon3",
                words(tree(writer, other), tree(writer, readBy(reader, 1), other)));
        assertEquals(
                "keeps daemon1, daemon2, daemon3",
                words(
                        tree(readBy(writer, 2), reader, other),
                        tree(readBy(writer, 2), reader, other)));
    }

    @Test
    void aReaderOfOneThatIsStartedAnewGoesOn() {
        assertEquals(
                "restarts daemon1; keeps daemon2",
                words(
                        tree(readBy(writer, 2), reader),
                        tree(
                                readBy(writer, 2).rehearsing(1 << 20, OnCrash.RESUME, List.of()),
                                reader)));
    }

    private static String words(final TreePlan before, final TreePlan after) {
        return new PlanDifference(before, after).inWords();
    }

    private static TreePlan tree(final DaemonPlan... daemons) {
        return new TreePlan("test", 0, 0, List.of(daemons));
    }

    private static DaemonPlan readBy(final DaemonPlan plan, final int slot) {
        return new DaemonPlan(
                plan.name(),
                plan.slot(),
                plan.mainClass(),
                plan.memoryBytes(),
                plan.journalBytes(),
                plan.stateFolder(),
                plan.after(),
                List.of(slot),
                plan.significant(),
                plan.onCrash(),
                plan.onRootLoss(),
                plan.restart(),
                plan.dumpAfterNs(),
                plan.killAfterNs(),
                plan.startTimeoutNs(),
                plan.stopTimeoutNs(),
                plan.spinNs(),
                plan.capacities(),
                plan.settings(),
                plan.command(),
                plan.pools(),
                plan.standby());
    }
}
