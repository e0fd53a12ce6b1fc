package io.coppice.root.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.ProcessRecord;
import io.coppice.os.ProcessTree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Who is killed with a dead daemon and who is not, among processes of a test. */
class KinTest {
    private static final Path RUN = Path.of("/run/tree");
    private static final long SELF = ProcessHandle.current().pid();
    private static final long DEAD = 10_000_000;
    private static final long ALIVE = 10_000_001;
    private static final long STANDBY = 10_000_002;
    private static final long SECOND_NS = 1_000_000_000L;

    private final Processes processes = new Processes();
    private final SimulatedSystem os = new SimulatedSystem();
    private final Kin kin =
            new Kin(os, processes, Cgroups.none(), RUN, pid -> pid == ALIVE || pid == STANDBY);

    /** What the kernel says. */
    private static final class Processes implements ProcessTree {
        private final Map<Long, ProcessRecord> records = new LinkedHashMap<>();
        private final Map<Long, String> marks = new LinkedHashMap<>();
        private final TreeSet<Long> killed = new TreeSet<>();
        private final List<Long> zombies = new ArrayList<>();
        private final TreeSet<Long> beginning = new TreeSet<>();
        private boolean tellsOrphans = true;
        private boolean complete = true;
        private int looks;

        void add(final long pid, final long parent, final long session, final String mark) {
            records.put(pid, new ProcessRecord(pid, parent, session, session, 7 * pid, true));
            marks.put(pid, mark);
        }

        @Override
        public boolean adoptOrphans() {
            return true;
        }

        @Override
        public long endedChild() {
            return zombies.isEmpty() ? 0 : zombies.get(0);
        }

        @Override
        public int reap(final long pid, final long startTime) {
            return zombies.remove(pid) ? 0 : NOT_REAPED;
        }

        @Override
        public boolean mayHaveOrphans() {
            return !tellsOrphans || !orphans().isEmpty();
        }

        @Override
        public List<ProcessRecord> orphans() {
            return records.values().stream()
                    .filter(
                            each ->
                                    each.parent() == SELF
                                            && each.pid() != ALIVE
                                            && each.pid() != STANDBY)
                    .toList();
        }

        @Override
        public boolean processes(final Consumer<ProcessRecord> observer) {
            looks++;
            new ArrayList<>(records.values()).forEach(observer);
            return complete;
        }

        @Override
        public ProcessRecord process(final long pid) {
            return records.get(pid);
        }

        @Override
        public String variable(final long pid, final String name) {
            assertEquals(Kin.VARIABLE, name);
            return beginning.contains(pid) ? null : marks.getOrDefault(pid, "");
        }

        /** The children of the dead become root's. */
        @Override
        public boolean signal(final long pid, final long startTime, final int signal) {
            if (!records.containsKey(pid) || startTime != 7 * pid) {
                return false;
            }
            killed.add(pid);
            records.remove(pid);
            for (final ProcessRecord each : List.copyOf(records.values())) {
                if (each.parent() == pid) {
                    add(each.pid(), SELF, each.session(), marks.get(each.pid()));
                }
            }
            return true;
        }
    }

    private void lay() {
        processes.add(1, 0, 1, "");
        processes.add(SELF, 1, SELF, "");
        processes.add(ALIVE, SELF, ALIVE, Kin.mark(RUN, 1, 5));
        processes.add(STANDBY, SELF, STANDBY, Kin.mark(RUN, 2, 4));
    }

    @Test
    void theMarkedTheirOwnAndWhoIsBelowRootInTheSessionEndAndNobodyElse() {
        lay();
        final String mark = Kin.mark(RUN, 2, 3);
        processes.add(101, SELF, 101, mark);
        processes.add(102, 101, 102, "");
        processes.add(103, SELF, DEAD, "");
        processes.add(104, 1, 104, mark);
        // A stranger whose session has the number of the dead: it was given out again.
        processes.add(105, 1, DEAD, "");
        processes.add(106, ALIVE, 106, Kin.mark(RUN, 1, 5));
        processes.add(107, STANDBY, 107, Kin.mark(RUN, 2, 4));
        processes.add(108, SELF, 108, Kin.mark(RUN, 2, 33));
        processes.add(109, SELF, 109, "");
        processes.add(110, 1, 110, Kin.mark(Path.of("/run/tree2"), 2, 3));

        kin.ended(2, 3, DEAD, 0);
        for (long now = 0; now < SECOND_NS; now += 1_000_000) {
            kin.step(now);
        }

        assertEquals(new TreeSet<>(List.of(101L, 102L, 103L, 104L)), processes.killed);
        assertTrue(kin.isOver(SECOND_NS));
    }

    @Test
    void aChildOfThisRootThatLeftNoOrphansCostsNoLook() {
        lay();
        final SimulatedSystem.SimulatedProcess child = os.start();
        kin.started(2, 3, child);
        kin.ended(2, 3, child.pid(), 0);
        assertFalse(kin.isOver(0));
        assertTrue(kin.untilNextNs(0) > 0);
        kin.step(kin.untilNextNs(0));
        assertTrue(kin.isOver(SECOND_NS));
        assertEquals(0, processes.looks);
        assertEquals(Long.MAX_VALUE, kin.untilNextNs(0));
    }

    @Test
    void whereTheKernelTellsNothingOfOrphansTwoLooksHaveToFindNobody() {
        lay();
        processes.tellsOrphans = false;
        final SimulatedSystem.SimulatedProcess child = os.start();
        kin.started(2, 3, child);
        kin.ended(2, 3, child.pid(), 0);
        for (long now = 0; now < SECOND_NS; now += 1_000_000) {
            kin.step(now);
        }
        assertEquals(2, processes.looks);
        assertTrue(kin.isOver(SECOND_NS));
    }

    @Test
    void whoShowsNoEnvironmentYetIsLookedAtUntilItDoes() {
        lay();
        processes.add(104, SELF, 104, Kin.mark(RUN, 2, 3));
        processes.beginning.add(104L);
        kin.ended(2, 3, DEAD, 0);
        long now = 0;
        while (processes.looks < 5) {
            kin.step(now);
            now += 1_000_000;
        }
        assertFalse(kin.isOver(now));
        assertEquals(new TreeSet<>(), processes.killed);

        processes.beginning.clear();
        while (!kin.isOver(now)) {
            kin.step(now);
            now += 1_000_000;
        }
        assertEquals(new TreeSet<>(List.of(104L)), processes.killed);
    }

    @Test
    void whoNeverShowsAnEnvironmentIsWaitedForOnlySoLong() {
        lay();
        processes.add(104, SELF, 104, "");
        processes.beginning.add(104L);
        kin.ended(2, 3, DEAD, 0);
        for (long now = 0; now < 6 * SECOND_NS; now += 1_000_000) {
            kin.step(now);
        }
        assertEquals(10, processes.looks, "8 that are in doubt, and 2");
        assertEquals(new TreeSet<>(), processes.killed);
        assertEquals(Long.MAX_VALUE, kin.untilNextNs(6 * SECOND_NS));
    }

    @Test
    void whoBeginsWithinALivingDaemonPutsNothingInDoubt() {
        lay();
        processes.add(106, ALIVE, 106, "");
        processes.beginning.add(106L);
        kin.ended(2, 3, DEAD, 0);
        for (long now = 0; now < SECOND_NS; now += 1_000_000) {
            kin.step(now);
        }
        assertEquals(2, processes.looks);
    }

    @Test
    void aLookThatMayHaveMissedSomebodyIsMadeAgain() {
        lay();
        processes.complete = false;
        kin.ended(2, 3, DEAD, 0);
        long now = 0;
        while (processes.looks < 5) {
            kin.step(now);
            now += 1_000_000;
        }
        processes.complete = true;
        while (processes.looks < 7) {
            assertNotEquals(Long.MAX_VALUE, kin.untilNextNs(now));
            kin.step(now);
            now += 1_000_000;
        }
        assertEquals(Long.MAX_VALUE, kin.untilNextNs(now));
    }

    @Test
    void theEndOfTheTreeWaitsForWhomNothingKillsButNotForEver() {
        lay();
        kin.ended(2, 3, DEAD, 0);
        long now = 0;
        while (now < 6 * SECOND_NS) {
            // One that is there again whenever one looks.
            processes.add(104, 1, 104, Kin.mark(RUN, 2, 3));
            kin.step(now);
            assertEquals(now > 5 * SECOND_NS, kin.isOver(now));
            now += SECOND_NS / 10;
        }
        assertTrue(processes.looks < 20, "looks come less and less often: " + processes.looks);
    }

    @Test
    void onlyWhatNobodyElseReapsIsReaped() {
        final SimulatedSystem.SimulatedProcess child = os.start();
        kin.started(2, 3, child);
        processes.zombies.addAll(List.of(301L, 302L, child.pid(), 303L));
        kin.step(0);
        assertEquals(List.of(child.pid(), 303L), processes.zombies);
        kin.step(1);
        assertEquals(List.of(child.pid(), 303L), processes.zombies);

        processes.zombies.remove(child.pid());
        processes.zombies.add(ALIVE);
        kin.step(2);
        assertEquals(List.of(ALIVE), processes.zombies, "the board names it");

        processes.zombies.clear();
        for (long pid = 2000; pid < 2100; pid++) {
            processes.zombies.add(pid);
        }
        kin.step(3);
        assertEquals(36, processes.zombies.size(), "a bounded number in one turn");
    }
}
