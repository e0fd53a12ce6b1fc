package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.ExitClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** No descriptor and no process is left: what dies is tried again until there is one. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class ExhaustionIT {
    /** A user whom nobody else on this machine is likely to be: processes are counted for each. */
    private static final String USER = "54329";

    private static final String[] AS_USER = {"setpriv", "--reuid", USER, "--clear-groups"};

    private static final long EMFILE = 24;
    private static final long EAGAIN = 11;
    private static final String PLENTY = "4096";

    @RegisterExtension static final TestArea AREA = new TestArea();

    @Test
    void respawnsWaitForADescriptor() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "prlimit is missing");
        final HostileTree hostile =
                new HostileTree(new TestTree(AREA, HostileTree.manifest("descriptors")));
        hostile.tree().up();
        respawnWaitsFor(
                hostile, List.of(), "--nofile", lowestFree(hostile.tree().rootPid()), EMFILE);
    }

    @Test
    void aRootThatMayNotEvenWaitForItsChildrenGoesOnTurning() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "prlimit is missing");
        final HostileTree hostile =
                new HostileTree(new TestTree(AREA, HostileTree.manifest("few")));
        final TestTree tree = hostile.tree().up();
        hostile.awaitRecovery(HostileTree.PAIR, 0);
        hostile.begin();
        // ppoll(2) refuses more descriptors than a process may have, open or not.
        limit(List.of(), tree.rootPid(), "--nofile", "4");
        final long victim = tree.epoch(HostileTree.VICTIM);
        HostileTree.killAll(hostile.processes(HostileTree.VICTIM));
        final long beats = tree.board().heartbeat();
        Waiting.until("root turns", () -> tree.board().heartbeat() > beats + 50);
        hostile.assertUntouched();

        limit(List.of(), tree.rootPid(), "--nofile", PLENTY);
        hostile.awaitRecovery(HostileTree.VICTIM, victim);
        hostile.assertUntouched();
        assertEquals(
                1,
                hostile.rootLog().lines().filter(line -> line.contains("a turn failed")).count(),
                hostile::rootLog);
        tree.stop();
    }

    @Test
    void respawnsWaitForAProcess() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "prlimit is missing");
        assumeTrue(otherUserCanRun(), "this user may not become another one, or that one not run");
        final TestTree tree =
                new TestTree(
                        AREA.cli().through(AS_USER),
                        AREA.runFolder(),
                        "processes",
                        HostileTree.manifest("processes").write(AREA.files()));
        final HostileTree hostile = new HostileTree(tree);
        tree.up();
        respawnWaitsFor(hostile, List.of(AS_USER), "--nproc", 1, EAGAIN);
    }

    private static void respawnWaitsFor(
            final HostileTree hostile,
            final List<String> user,
            final String limit,
            final long least,
            final long errno)
            throws Exception {
        final TestTree tree = hostile.tree();
        hostile.awaitRecovery(HostileTree.PAIR, 0);
        hostile.begin();
        final long root = tree.rootPid();
        limit(user, root, limit, Long.toString(least));
        final long victim = tree.epoch(HostileTree.VICTIM);
        HostileTree.killAll(hostile.processes(HostileTree.VICTIM));
        Waiting.until(
                "it backs off",
                () ->
                        tree.state(HostileTree.VICTIM) == DaemonState.BACKING_OFF
                                && tree.epoch(HostileTree.VICTIM) > victim + 3);
        assertEquals(ExitClass.SPAWN_FAILURE, tree.lastExit(HostileTree.VICTIM));
        assertEquals(errno, tree.word(HostileTree.VICTIM, BoardWord.EXIT_STATUS));
        assertEquals(1, tree.restarts(HostileTree.VICTIM), "it used up no restart");
        // A standby needs nothing to go on that it does not have.
        final long pair = tree.epoch(HostileTree.PAIR);
        final long standby = tree.word(HostileTree.PAIR, BoardWord.STANDBY_PID);
        tree.killDaemon(HostileTree.PAIR);
        tree.awaitReady(HostileTree.PAIR, pair + 1);
        assertEquals(standby, tree.pid(HostileTree.PAIR));
        hostile.assertUntouched();
        final long beats = tree.board().heartbeat();
        Waiting.until("root turns", () -> tree.board().heartbeat() > beats + 2);

        limit(user, root, limit, PLENTY);
        hostile.awaitRecovery(HostileTree.VICTIM, victim);
        hostile.awaitRecovery(HostileTree.PAIR, pair);
        hostile.assertUntouched();
        hostile.assertRootSaid("root: victim was started after ");
        assertEquals(
                1,
                hostile.rootLog()
                        .lines()
                        .filter(line -> line.startsWith("root: victim cannot be started"))
                        .count(),
                hostile::rootLog);
        tree.stop();
    }

    private static void limit(
            final List<String> user, final long pid, final String limit, final String value)
            throws Exception {
        final List<String> command = new ArrayList<>(user);
        command.addAll(List.of("prlimit", "--pid", Long.toString(pid), limit + "=" + value + ":"));
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
    }

    /** Returns the lowest number that no descriptor has: with that limit there is no other one. */
    private static long lowestFree(final long pid) {
        final Path open = Path.of("/proc", Long.toString(pid), "fd");
        long lowest = 0;
        while (Files.exists(open.resolve(Long.toString(lowest)), LinkOption.NOFOLLOW_LINKS)) {
            lowest++;
        }
        return lowest;
    }

    private static boolean otherUserCanRun() throws IOException, InterruptedException {
        if (!Files.isExecutable(Path.of("/usr/bin/setpriv"))) {
            return false;
        }
        final List<String> command = new ArrayList<>(List.of(AS_USER));
        command.addAll(
                List.of(
                        "test",
                        "-r",
                        CoppiceCli.HOME.resolve("runtime-root/target/lib").toString()));
        return new ProcessBuilder(command).start().waitFor() == 0;
    }
}
