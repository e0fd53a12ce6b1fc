package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.StandbyState;
import io.coppice.system.daemons.CounterDaemon;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Kills daemons and standbys, some at once, as soon as they are there, and compares what root uses
 * after a warm-up and at the end. One daemon is never killed.
 */
@Timeout(value = 90, unit = TimeUnit.MINUTES)
final class KillSoakIT {
    /** System property: how many kills, instead of what the tests say. */
    private static final String KILLS = "coppice.soak.kills";

    private static final int WARM_UP_KILLS = 100;
    private static final int DAEMONS = 6;
    private static final int PAIRS = 2;
    private static final String BYSTANDER = "bystander";

    /** Of every so many rounds one waits until all are ready: the others kill who starts, too. */
    private static final int PATIENT_ROUNDS = 20;

    private static final long LIVE_BYTES_MORE = 256 * 1024;
    private static final long RESIDENT_BYTES_MORE = 6L * 1024 * 1024;
    private static final String NEVER_TIRED =
            "'restart': {'backoff': '1 ms .. 2 ms', 'limit': 1000, 'within': '1 s'}";

    @RegisterExtension static final TestArea AREA = new TestArea();

    @Test
    void fiveHundredKillsLeaveRootAsItWas() throws Exception {
        soak(500);
    }

    @Test
    @Tag("nightly")
    void tenThousandKillsLeaveRootAsItWas() throws Exception {
        soak(10_000);
    }

    private static void soak(final int declared) throws Exception {
        final int kills = Integer.getInteger(KILLS, declared);
        final TestManifest manifest =
                new TestManifest("soak").daemon(BYSTANDER, CounterDaemon.class);
        final List<String> victims = new ArrayList<>();
        for (int i = 0; i < DAEMONS; i++) {
            victims.add("victim" + i);
            manifest.daemon(
                    "victim" + i,
                    CounterDaemon.class,
                    "'standby': " + (i < PAIRS ? 1 : 0),
                    "'recoveryLimit': 0",
                    NEVER_TIRED);
        }
        final TestTree tree =
                new TestTree(
                                AREA.cli().withStartCaches(),
                                AREA.runFolder(),
                                "soak",
                                manifest.write(AREA.files()))
                        .up();
        final long root = tree.rootPid();
        final long bystander = tree.pid(BYSTANDER);
        final long seed = System.nanoTime();
        System.out.println("KillSoakIT: " + kills + " kills, seed " + seed);
        final Random random = new Random(seed);

        final long beganNs = System.nanoTime();
        kill(tree, victims, WARM_UP_KILLS, random);
        awaitAll(tree, victims);
        final RootFigures before = RootFigures.of(root);
        final long killed = kill(tree, victims, kills - WARM_UP_KILLS, random);
        awaitAll(tree, victims);
        final RootFigures after = RootFigures.of(root);
        System.out.println(
                "KillSoakIT: before "
                        + before
                        + "\nKillSoakIT: after  "
                        + after
                        + "\nKillSoakIT: all kills took "
                        + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - beganNs)
                        + " s");

        assertTrue(killed >= kills - WARM_UP_KILLS);
        assertEquals(before.descriptors(), after.descriptors(), "descriptors");
        // The JDK has a thread for each child, and keeps idle ones for a minute.
        final long children = 1 + DAEMONS + PAIRS;
        assertTrue(after.threads() <= before.threads() + children, "threads: " + after);
        assertTrue(
                after.liveBytes() <= before.liveBytes() + LIVE_BYTES_MORE,
                () -> "live heap: " + before + ", then " + after);
        assertTrue(
                after.residentBytes() <= before.residentBytes() + RESIDENT_BYTES_MORE,
                () -> "resident: " + before + ", then " + after);
        assertEquals(root, tree.rootPid());
        assertEquals(bystander, tree.pid(BYSTANDER));
        assertEquals(1, tree.epoch(BYSTANDER));
        tree.awaitProgress(BYSTANDER, tree.progress(BYSTANDER) + 1);
        for (final String victim : victims) {
            assertTrue(!tree.log(victim).contains("half a transaction"), victim);
        }
        tree.stop();
    }

    /** Kills so many processes; returns how many. */
    private static long kill(
            final TestTree tree, final List<String> victims, final int kills, final Random random) {
        final Set<Victim> killed = new HashSet<>();
        for (int round = 0; killed.size() < kills; round++) {
            if (round % PATIENT_ROUNDS == 0) {
                awaitAll(tree, victims);
            }
            final int before = killed.size();
            Waiting.until(
                    "somebody new is there to be killed",
                    () -> {
                        for (final String victim : victims) {
                            if (random.nextInt(4) > 0) {
                                killOnce(
                                        tree.pid(victim),
                                        tree.word(victim, BoardWord.START_TIME),
                                        killed);
                            }
                            killOnce(
                                    tree.word(victim, BoardWord.STANDBY_PID),
                                    tree.word(victim, BoardWord.STANDBY_START_TIME),
                                    killed);
                        }
                        return killed.size() > before;
                    });
        }
        return killed.size();
    }

    private static void killOnce(final long pid, final long startTime, final Set<Victim> killed) {
        final Victim victim = new Victim(pid, startTime);
        if (pid > 1
                && !killed.contains(victim)
                && OperatingSystem.current().signal(pid, Signals.KILL)) {
            killed.add(victim);
        }
    }

    /** A process; its pid alone comes round again within so many kills. */
    private record Victim(long pid, long startTime) {}

    private static void awaitAll(final TestTree tree, final List<String> victims) {
        for (final String victim : victims) {
            Waiting.until(
                    victim + " is ready",
                    () ->
                            tree.state(victim) == DaemonState.READY
                                    && (tree.plan(victim).standby() == 0
                                            || tree.word(victim, BoardWord.STANDBY_STATE)
                                                    == StandbyState.WARM.ordinal()));
        }
    }
}
