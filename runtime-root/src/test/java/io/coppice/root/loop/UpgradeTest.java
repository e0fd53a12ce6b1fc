package io.coppice.root.loop;

import static io.coppice.root.loop.LoopTree.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.ArenaLayout;
import io.coppice.pool.board.Answer;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.Command;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.UpgradeState;
import io.coppice.pool.board.UpgradeWord;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.PlanCodec;
import io.coppice.pool.plan.RestartPolicy;
import io.coppice.pool.plan.TreePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What root does about an upgrade, and what the next root makes of one. */
class UpgradeTest {
    private static final int KILLED = 128 + 9;
    private static final List<String> OLD = List.of("java", "-cp", "old.jar", "Main");
    private static final List<String> NEW = List.of("java", "-cp", "new.jar", "Main");

    @TempDir Path folder;

    private final SimulatedSystem os = new SimulatedSystem();

    @Test
    void theNewPlanCountsFromTheSwitchOnAndNotBefore() throws IOException {
        for (final boolean standby : new boolean[] {true, false}) {
            final LoopTree tree = ready(standby);
            upgrade(tree, NEW);
            assertEquals(UpgradeState.WARMING, state(tree));
            turn(tree);
            final long trial = word(tree, BoardWord.STANDBY_PID);
            assertNotEquals(0, trial);
            assertTrue(tree.board.reader().isOnTrial(1, word(tree, BoardWord.STANDBY_EPOCH)));
            assertEquals(OLD, inForce(tree));
            tree.sayWarm(1);
            turn(tree);
            turn(tree);
            assertEquals(UpgradeState.SWITCHING, state(tree));
            assertEquals(tree.daemons[0].epoch(), word(tree, BoardWord.HANDOVER_EPOCH));
            assertEquals(OLD, inForce(tree));
            assertEquals(DaemonState.READY, tree.state(1));

            tree.die(1, 0);
            turn(tree);
            assertEquals(trial, tree.daemons[0].pid());
            assertEquals(NEW, inForce(tree));
            assertEquals(NEW, tree.daemons[0].plan().command());
            assertEquals(UpgradeState.OPENING, state(tree));
            tree.sayReady(1);
            turn(tree);
            assertEquals(UpgradeState.DONE, state(tree));
            assertFalse(tree.board.reader().isUpgrading());
            assertEquals(0, word(tree, BoardWord.RESTARTS));
            turn(tree);
            assertEquals(standby, word(tree, BoardWord.STANDBY_PID) != 0);
        }
    }

    @Test
    void theStandbyOfTheOldPlanEndsFirstAndIsNoDeadStandby() throws IOException {
        final LoopTree tree = ready(true);
        turn(tree);
        tree.sayWarm(1);
        turn(tree);
        final long before = word(tree, BoardWord.STANDBY_PID);
        upgrade(tree, NEW);
        assertEquals(List.of("SIGKILL " + before), os.signals);
        turn(tree);
        turn(tree);
        assertNotEquals(before, word(tree, BoardWord.STANDBY_PID));
        assertEquals(0, word(tree, BoardWord.STANDBY_DEATHS));
        assertEquals(UpgradeState.WARMING, state(tree));
    }

    @Test
    void whoIsNotWarmDoesNotGoOnWhereTheOldOneDies() throws IOException {
        final LoopTree tree = ready(true);
        upgrade(tree, NEW);
        turn(tree);
        final long trial = word(tree, BoardWord.STANDBY_PID);
        tree.die(1, KILLED);
        turn(tree);
        turn(tree);
        turn(tree);
        assertTrue(os.signals.contains("SIGKILL " + trial), os.signals.toString());
        assertEquals(UpgradeState.LEFT, state(tree));
        assertEquals(DaemonState.STARTING, tree.state(1));
        assertNotEquals(trial, tree.daemons[0].pid());
        assertEquals(OLD, inForce(tree));
        assertEquals(OLD, tree.daemons[0].plan().command());
    }

    @Test
    void whoIsWarmGoesOnWhereTheOldOneDiesAndThatIsTheSwitch() throws IOException {
        final LoopTree tree = ready(true);
        upgrade(tree, NEW);
        turn(tree);
        final long trial = word(tree, BoardWord.STANDBY_PID);
        tree.sayWarm(1);
        tree.die(1, KILLED);
        turn(tree);
        assertEquals(trial, tree.daemons[0].pid());
        assertEquals(NEW, inForce(tree));
    }

    @Test
    void whatDiesOrIsLateLeavesTheOldOneUntouched() throws IOException {
        for (final boolean late : new boolean[] {true, false}) {
            final LoopTree tree = ready(false);
            final long old = tree.daemons[0].pid();
            upgrade(tree, NEW);
            turn(tree);
            if (late) {
                tree.turnFor(LoopTree.START_TIMEOUT_NS + SECOND_NS);
            } else {
                tree.dieStandby(1, 1);
            }
            turn(tree);
            turn(tree);
            assertEquals(late ? UpgradeState.LATE : UpgradeState.DIED, state(tree));
            assertEquals(old, tree.daemons[0].pid());
            assertEquals(OLD, inForce(tree));
            assertEquals(0, word(tree, BoardWord.STANDBY_PID));
            assertEquals(Answer.ACCEPTED, ask(tree, NEW), "and may be tried again");
        }
    }

    @Test
    void itIsLateAlsoWhileWhatTheDaemonComesAfterIsDown() throws IOException {
        final LoopTree tree =
                LoopTree.simulated(
                        folder,
                        os,
                        LoopTree.daemon(1, true, List.of(2)).commanded(OLD, List.of()),
                        LoopTree.daemon(2, true, List.of()));
        tree.startAll();
        tree.die(2, 100);
        turn(tree);
        assertEquals(DaemonState.QUARANTINED, tree.state(2));
        upgrade(tree, NEW);
        tree.turnFor(LoopTree.START_TIMEOUT_NS - SECOND_NS);
        assertEquals(UpgradeState.WARMING, state(tree));
        tree.turnFor(2 * SECOND_NS);
        assertEquals(UpgradeState.LATE, state(tree));
        assertFalse(tree.board.reader().isUpgrading(), "others may begin");
        assertEquals(DaemonState.READY, tree.state(1));
        assertEquals(OLD, inForce(tree));
    }

    @Test
    void whatEndsBeforeItIsReadyIsTakenBackWithoutACharge() throws IOException {
        final LoopTree tree = opening(false);
        tree.adoptStandby(1);
        tree.die(1, 1);
        turn(tree);
        assertEquals(UpgradeState.TAKEN_BACK, state(tree));
        assertEquals(OLD, inForce(tree));
        assertEquals(OLD, tree.daemons[0].plan().command());
        assertEquals(DaemonState.STARTING, tree.state(1));
        assertEquals(0, word(tree, BoardWord.RESTARTS));
    }

    @Test
    void whatIsNotReadyInTimeIsKilledAndTakenBackWithoutACharge() throws IOException {
        final LoopTree tree = opening(false);
        final long trial = tree.daemons[0].pid();
        tree.adoptStandby(1);
        os.signals.clear();
        tree.turnFor(LoopTree.START_TIMEOUT_NS - SECOND_NS);
        assertEquals(List.of(), os.signals, "it has its time from the switch on");
        tree.turnFor(2 * SECOND_NS);
        assertEquals("SIGKILL " + trial, os.signals.get(0));
        turn(tree);
        assertEquals(UpgradeState.TAKEN_BACK, state(tree));
        assertEquals(OLD, inForce(tree));
        assertEquals(OLD, tree.daemons[0].plan().command());
        assertEquals(DaemonState.STARTING, tree.state(1));
        assertNotEquals(trial, tree.daemons[0].pid());
        assertEquals(0, word(tree, BoardWord.RESTARTS));
        tree.sayReady(1);
        turn(tree);
        assertEquals(Answer.ACCEPTED, ask(tree, NEW), "and may be tried again");
    }

    @Test
    void fromAnArenaOfAnotherShapeThereIsNoWayBack() throws IOException {
        final LoopTree tree = opening(false);
        tree.arenas[0].putLong(
                ArenaLayout.GENERATION, tree.arenas[0].getLong(ArenaLayout.GENERATION) + 1);
        tree.adoptStandby(1);
        tree.die(1, 1);
        turn(tree);
        assertEquals(UpgradeState.NO_WAY_BACK, state(tree));
        assertEquals(NEW, inForce(tree));
        assertEquals(NEW, tree.daemons[0].plan().command());
    }

    @Test
    void oneThatIsDownIsStartedByTheNewPlan() throws IOException {
        final LoopTree tree = ready(false);
        tree.die(1, 100);
        turn(tree);
        assertEquals(DaemonState.QUARANTINED, tree.state(1));
        upgrade(tree, NEW);
        turn(tree);
        assertEquals(DaemonState.STARTING, tree.state(1));
        assertEquals(NEW, inForce(tree));
        tree.sayReady(1);
        turn(tree);
        assertEquals(UpgradeState.DONE, state(tree));
    }

    @Test
    void aStopOrARestartEndsWhatHasNotHadItsTurn() throws IOException {
        for (final Command command : new Command[] {Command.RESTART, Command.STOP}) {
            final LoopTree tree = ready(true);
            upgrade(tree, NEW);
            turn(tree);
            tree.ask(command, command == Command.STOP ? 0 : 1);
            turn(tree);
            assertEquals(UpgradeState.LEFT, state(tree));
            assertEquals(OLD, inForce(tree));
            assertEquals(DaemonState.STOPPING, tree.state(1));
        }
    }

    @Test
    void oneAtATimeAndOnlyOfAReadyDaemon() throws IOException {
        final LoopTree tree = ready(false);
        upgrade(tree, NEW);
        assertEquals(Answer.WRONG_STATE, ask(tree, NEW));
        final LoopTree starting = tree(false);
        turn(starting);
        assertEquals(DaemonState.STARTING, starting.state(1));
        assertEquals(Answer.WRONG_STATE, ask(starting, NEW));
    }

    @Test
    void ofTheFileNothingCountsButTheCommandLines() throws IOException {
        final LoopTree tree = ready(false);
        final DaemonPlan other = LoopTree.daemon(1, false, List.of()).commanded(NEW, List.of());
        write(PlanCodec.encode(new TreePlan("other", 7, 7, List.of(other))));
        assertEquals(
                Answer.ACCEPTED, tree.ask(Command.UPGRADE, 1, 0, ProcessHandle.current().pid()));
        assertEquals(
                tree.board.reader().plan().with(tree.daemons[0].plan().commanded(NEW, List.of())),
                tree.board.reader().trialPlan());
    }

    @Test
    void garbageInTheFileIsRefusedAndChangesNothing() throws IOException {
        final LoopTree tree = ready(false);
        final byte[] plan = tree.board.reader().planBytes();
        final Random random = new Random(3);
        for (int i = 0; i < 300; i++) {
            final byte[] garbage = PlanCodec.encode(with(tree, NEW));
            for (int n = 0; n <= i / 30; n++) {
                garbage[random.nextInt(garbage.length)] = (byte) random.nextInt();
            }
            if (i % 3 == 0) {
                random.nextBytes(garbage);
            }
            write(garbage);
            if (tree.ask(Command.UPGRADE, 1, 0, ProcessHandle.current().pid()) == Answer.ACCEPTED) {
                // What was damaged does not count; whatever the command is now, it is a command.
                tree.ask(Command.RESTART, 1);
                tree.die(1, 0);
                turn(tree);
                turn(tree);
                tree.sayReady(1);
                turn(tree);
            }
            assertEquals(DaemonState.READY, tree.state(1));
            assertArrayEquals(plan, tree.board.reader().planBytes());
        }
        write(new byte[(int) tree.board.reader().planRoom() + 1]);
        assertEquals(
                Answer.UNKNOWN, tree.ask(Command.UPGRADE, 1, 0, ProcessHandle.current().pid()));
        Files.delete(file());
        assertEquals(
                Answer.UNKNOWN, tree.ask(Command.UPGRADE, 1, 0, ProcessHandle.current().pid()));
        Files.createDirectory(file());
        assertEquals(
                Answer.UNKNOWN, tree.ask(Command.UPGRADE, 1, 0, ProcessHandle.current().pid()));
        Files.delete(file());
        Files.createSymbolicLink(file(), Path.of("/dev/zero"));
        assertEquals(
                Answer.UNKNOWN, tree.ask(Command.UPGRADE, 1, 0, ProcessHandle.current().pid()));
        Files.delete(file());
    }

    @Test
    void theNextRootGoesOnWithWhatIsWarming() throws IOException {
        final LoopTree dead = ready(false);
        upgrade(dead, NEW);
        turn(dead);
        final long trial = word(dead, BoardWord.STANDBY_PID);
        final LoopTree tree = dead.adopted(os, false);
        tree.sayWarm(1);
        turn(tree);
        turn(tree);
        assertEquals(UpgradeState.SWITCHING, state(tree));
        tree.die(1, 0);
        turn(tree);
        assertEquals(trial, tree.daemons[0].pid());
        assertEquals(NEW, inForce(tree));
        tree.sayReady(1);
        turn(tree);
        assertEquals(UpgradeState.DONE, state(tree));
    }

    @Test
    void theNextRootSpawnsWhatWasStoredAndNotSpawned() throws IOException {
        final LoopTree dead = ready(false);
        upgrade(dead, NEW);
        // As a root leaves it that died before the store of the epoch.
        dead.board.trialEpoch(0);
        dead.board.word(1, BoardWord.STANDBY_EPOCH, 0);
        dead.board.word(1, BoardWord.STANDBY_PID, 0);
        final LoopTree tree = dead.adopted(os, false);
        assertEquals(0, word(tree, BoardWord.STANDBY_PID));
        turn(tree);
        assertTrue(tree.board.reader().isOnTrial(1, word(tree, BoardWord.STANDBY_EPOCH)));
        tree.sayWarm(1);
        turn(tree);
        turn(tree);
        assertEquals(UpgradeState.SWITCHING, state(tree));
    }

    @Test
    void theNextRootEndsASwitchThatWasCut() throws IOException {
        final LoopTree dead = ready(false);
        upgrade(dead, NEW);
        turn(dead);
        final long trial = word(dead, BoardWord.STANDBY_PID);
        dead.sayWarm(1);
        turn(dead);
        turn(dead);
        // As a root leaves it that died behind the store of the plan.
        dead.die(1, 0);
        dead.board.switchToTrial();
        final LoopTree tree = dead.adopted(os, false);
        assertEquals(trial, tree.daemons[0].pid());
        assertEquals(UpgradeState.OPENING, state(tree));
        assertEquals(NEW, tree.daemons[0].plan().command());
        tree.sayReady(1);
        turn(tree);
        assertEquals(UpgradeState.DONE, state(tree));
    }

    @Test
    void theDeathOfTheOldOneSaysNothingAboutTheNewOneWhereTheSwitchWasCut() throws IOException {
        for (final boolean proves : new boolean[] {true, false}) {
            final LoopTree dead = ready(false);
            upgrade(dead, NEW);
            turn(dead);
            final long trial = word(dead, BoardWord.STANDBY_PID);
            dead.sayWarm(1);
            turn(dead);
            turn(dead);
            // As a root leaves it that died between the stores of the plan and of the epoch.
            dead.die(1, 0);
            dead.board.word(1, BoardWord.PID, 0);
            dead.board.word(1, BoardWord.STATE, DaemonState.STARTING.ordinal());
            dead.board.switchToTrial();
            final LoopTree tree = dead.adopted(os, false);
            assertEquals(UpgradeState.OPENING, state(tree));
            assertEquals(trial, tree.daemons[0].pid());
            tree.adoptStandby(1);
            if (proves) {
                tree.sayReady(1);
            } else {
                tree.die(1, 1);
            }
            turn(tree);
            assertEquals(proves ? UpgradeState.DONE : UpgradeState.TAKEN_BACK, state(tree));
            assertEquals(proves ? NEW : OLD, inForce(tree));
        }
    }

    @Test
    void theNextRootTakesBackWhatDiedMeanwhile() throws IOException {
        final LoopTree dead = opening(false);
        dead.adoptStandby(1);
        dead.die(1, 1);
        final LoopTree tree = dead.adopted(os, false);
        turn(tree);
        assertEquals(UpgradeState.TAKEN_BACK, state(tree));
        assertEquals(OLD, tree.daemons[0].plan().command());
        assertEquals(OLD, inForce(tree));
    }

    @Test
    void anUpgradeStaysWhileTheManifestSaysTheSameAsBefore() {
        final DaemonPlan manifest = LoopTree.daemon(1, true, List.of()).commanded(OLD, List.of());
        final DaemonPlan upgraded = UpgradedPlan.of(manifest, List.of(Path.of("new.jar")));
        final DaemonPlan twice = UpgradedPlan.of(upgraded, List.of(Path.of("newer.jar")));
        final TreePlan fresh = new TreePlan("t", 0, 0, List.of(manifest));
        assertEquals(twice, UpgradedPlan.kept(fresh, fresh.with(twice)).daemon(1));
        final List<String> cached =
                List.of("java", "-XX:AOTCache=made-meanwhile", "-cp", "old.jar", "Main");
        final TreePlan withCache = fresh.with(manifest.commanded(cached, List.of()));
        assertEquals(twice, UpgradedPlan.kept(withCache, fresh.with(twice)).daemon(1));
        final TreePlan changed =
                fresh.with(manifest.commanded(List.of("java", "-cp", "x.jar", "Main"), List.of()));
        assertEquals(changed, UpgradedPlan.kept(changed, fresh.with(twice)));
        assertEquals(fresh, UpgradedPlan.kept(fresh, fresh));
    }

    private LoopTree opening(final boolean standby) throws IOException {
        final LoopTree tree = ready(standby);
        upgrade(tree, NEW);
        turn(tree);
        tree.sayWarm(1);
        turn(tree);
        turn(tree);
        tree.die(1, 0);
        turn(tree);
        assertEquals(UpgradeState.OPENING, state(tree));
        return tree;
    }

    private LoopTree ready(final boolean standby) {
        final LoopTree tree = tree(standby);
        tree.startAll();
        os.signals.clear();
        return tree;
    }

    private LoopTree tree(final boolean standby) {
        final DaemonPlan plan = LoopTree.daemon(1, true, List.of()).commanded(OLD, List.of());
        return LoopTree.simulated(
                folder, os, standby ? LoopTree.withStandby(plan, RestartPolicy.ON_FAILURE) : plan);
    }

    private void upgrade(final LoopTree tree, final List<String> command) throws IOException {
        assertEquals(Answer.ACCEPTED, ask(tree, command));
    }

    private Answer ask(final LoopTree tree, final List<String> command) throws IOException {
        write(PlanCodec.encode(with(tree, command)));
        return tree.ask(Command.UPGRADE, 1, 0, ProcessHandle.current().pid());
    }

    private static TreePlan with(final LoopTree tree, final List<String> command) {
        final TreePlan plan = tree.board.reader().plan();
        return plan.with(plan.daemon(1).commanded(command, List.of()));
    }

    private void write(final byte[] bytes) throws IOException {
        Files.write(file(), bytes);
    }

    private Path file() {
        return folder.resolve(RunDirectory.PLAN + "-" + ProcessHandle.current().pid());
    }

    private static List<String> inForce(final LoopTree tree) {
        return tree.board.reader().plan().daemon(1).command();
    }

    private static UpgradeState state(final LoopTree tree) {
        return UpgradeWord.state(tree.board.reader().upgrade());
    }

    private static long word(final LoopTree tree, final BoardWord word) {
        return tree.board.reader().word(1, word);
    }

    private static void turn(final LoopTree tree) {
        tree.beat(1);
        tree.turn();
    }
}
