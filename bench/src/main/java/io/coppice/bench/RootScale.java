package io.coppice.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.coppice.pool.board.Board;
import io.coppice.pool.board.TurnTimes;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What root costs with 1 to 64 idle daemons, and how long one of them is away when it is killed.
 */
final class RootScale {
    /** With so many daemons root is looked at more closely. */
    static final int CLOSER = 16;

    private static final int[] DAEMONS = {1, 2, 4, 8, CLOSER, 32, 64};
    private static final int[] DAEMONS_QUICK = {1, 4, CLOSER};
    private static final int KILLS = 10;
    private static final int KILLS_QUICK = 3;

    /** How long root's processor time is looked at, in seconds. */
    private static final long CLOSER_S = 60;

    private static final long WINDOW_S = 10;
    private static final long WINDOW_QUICK_S = 5;

    /** The compilers of daemons and root come to rest. */
    private static final long SETTLE_S = 3;

    /** Root gives back what its start has left behind after 10 s. */
    private static final long CLOSER_SETTLE_S = 12;

    /** So many starts at once share the cores. */
    private static final String START_TIMEOUT = "300 s";

    private static final int RESTARTS = 100;
    private static final double PERCENT = 100;
    private static final double CPU_MOST = 0.2;
    private static final double RESIDENT_MOST = 48;
    private static final double TURN_MOST_US = 1_000;
    private static final double FLAT_MOST = 1.5;
    private static final double NS_PER_US = 1_000;

    private final Scratch scratch;
    private final boolean quick;
    private final int[] daemons;
    private final Case respawn = new Case("kill -9 to ready, 1 to 64 daemons", Unit.MS);
    private final Case cpu = new Case("root's processor time, idle daemons", Unit.PERCENT_OF_CORE);
    private final Case turns = new Case("root's turn, 16 idle daemons", Unit.US);
    private final Case resident = new Case("root's memory, 16 idle daemons", Unit.MIB);
    private final Case allocated = new Case("allocated in a turn, 16 idle daemons", Unit.BYTES);

    RootScale(final Scratch scratch, final boolean quick) {
        this.scratch = scratch;
        this.quick = quick;
        this.daemons = quick ? DAEMONS_QUICK : DAEMONS;
    }

    List<Case> run() throws IOException {
        for (final int count : daemons) {
            measure(count);
        }
        respawn.aimOver(subject(daemons[daemons.length - 1]), Case.COPPICE, FLAT_MOST);
        cpu.aim(subject(CLOSER), PERCENT, CPU_MOST);
        turns.aim(Case.COPPICE, 99, TURN_MOST_US);
        resident.aim(Case.COPPICE, PERCENT, RESIDENT_MOST);
        allocated.aim(Case.COPPICE, PERCENT, 0);
        return List.of(respawn, cpu, turns, resident, allocated);
    }

    /** Draws both by the number of daemons. */
    String chart() {
        final double[] restMs = new double[daemons.length];
        final double[] percent = new double[daemons.length];
        for (int i = 0; i < daemons.length; i++) {
            restMs[i] = respawn.of(subject(daemons[i])).percentile(50);
            percent[i] = cpu.of(subject(daemons[i])).percentile(50);
        }
        return ScaleChart.of(
                "restart: 1 to 64 daemons in one tree",
                daemons,
                List.of(
                        new ScaleChart.Line("kill -9 to ready, p50, ms", restMs),
                        new ScaleChart.Line("root's processor time, % of a core", percent)));
    }

    private static String subject(final int count) {
        return count == 1 ? Case.COPPICE : Case.COPPICE + ", " + count + " daemons";
    }

    private void measure(final int count) throws IOException {
        final String name = "scale-" + count;
        final BenchManifest manifest = new BenchManifest(scratch.home(), name);
        for (int i = 1; i <= count; i++) {
            final ObjectNode daemon = manifest.daemon("idle-" + i, IdleDaemon.class);
            daemon.put("heap", "16 MiB").put("startTimeout", START_TIMEOUT);
            daemon.putObject("restart")
                    .put("policy", "always")
                    .put("backoff", "1 ms .. 1 ms")
                    .put("limit", RESTARTS)
                    .put("stableAfter", "1 ms");
        }
        final Tree tree = Tree.start(scratch, scratch.runBase(name), true, manifest);
        pause(count == CLOSER ? CLOSER_SETTLE_S : SETTLE_S);
        if (count == CLOSER) {
            measureCloser(tree.board());
        } else {
            final long seconds = quick ? WINDOW_QUICK_S : WINDOW_S;
            cpu.of(subject(count)).add(cpuPercent(tree.board().rootPid(), seconds));
        }
        final Victim victim = new Victim(tree, "idle-1");
        // Not counted: what it needs is in memory after it.
        victim.killToReadyNs();
        for (int kill = 0; kill < (quick ? KILLS_QUICK : KILLS); kill++) {
            respawn.of(subject(count)).addNs(victim.killToReadyNs());
        }
        tree.stop();
    }

    /** Memory comes first: whoever asks a JVM for its threads makes it start one more. */
    private void measureCloser(final Board board) throws IOException {
        final long root = board.rootPid();
        resident.of(Case.COPPICE).add(ProcessUsage.residentMib(root));
        resident.of("coppice, its part of what is shared").add(ProcessUsage.proportionalMib(root));
        // Not counted: the JVM prepares itself to be asked.
        ThreadAllocation.ofMain(scratch, root);
        pause(SETTLE_S);
        final ThreadAllocation.Allocated before = ThreadAllocation.ofMain(scratch, root);
        final long[] earlier = turns(board);
        final long seconds = quick ? WINDOW_S : CLOSER_S;
        cpu.of(subject(CLOSER)).add(cpuPercent(root, seconds));
        final long[] later = turns(board);
        final ThreadAllocation.Allocated after = ThreadAllocation.ofMain(scratch, root);
        final long made = addTurns(turns.of(Case.COPPICE), earlier, later);
        allocated.of(Case.COPPICE).add((after.bytes() - before.bytes()) / (double) made);
    }

    private static double cpuPercent(final long pid, final long seconds) throws IOException {
        final long start = System.nanoTime();
        final ProcessUsage before = ProcessUsage.of(pid);
        pause(seconds);
        final ProcessUsage after = ProcessUsage.of(pid);
        return after.sinceNs(before) * PERCENT / (System.nanoTime() - start);
    }

    private static long[] turns(final Board board) {
        final long[] counts = new long[TurnTimes.CLASSES];
        for (int index = 0; index < counts.length; index++) {
            counts[index] = board.turns(index);
        }
        return counts;
    }

    /** Adds the upper end of its class for each turn, and returns how many there were. */
    static long addTurns(final Samples to, final long[] earlier, final long[] later) {
        long made = 0;
        for (int index = 0; index < later.length; index++) {
            for (long i = earlier[index]; i < later[index]; i++) {
                to.add(TurnTimes.belowNs(index) / NS_PER_US);
                made++;
            }
        }
        return made;
    }

    private static void pause(final long seconds) {
        final long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }
}
