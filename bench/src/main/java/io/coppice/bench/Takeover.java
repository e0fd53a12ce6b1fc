package io.coppice.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.board.Board;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.StandbyState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A daemon with a standby that is killed again and again. Times are {@link System#nanoTime()}: the
 * end is taken by the standby, just after its first commit.
 */
final class Takeover {
    /**
     * The bench sleeps meanwhile, and longer than most takeovers take, so as to take nobody's core.
     */
    private static final long POLL_NS = 20_000_000;

    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

    /** From the standby's word that it is warm until it certainly sleeps. */
    private static final long REST_NS = TimeUnit.MILLISECONDS.toNanos(20);

    /** Calls after which both compilers are done with a method. */
    private static final int PRACTICE = 30_000;

    /** Only looks whether the process is there. */
    private static final int NO_SIGNAL = 0;

    private static final String DAEMON = "active";
    private static final int RESTARTS = 100;

    private final Tree tree;
    private final Board board;
    private final Memory times;
    private final int slot;
    private long inheritedNs;

    private Takeover(final Tree tree, final Memory times) {
        this.tree = tree;
        this.board = tree.board();
        this.times = times;
        this.slot = tree.daemon(DAEMON).slot();
    }

    /**
     * Starts a tree with it.
     *
     * @param memory of the arena, as a manifest says it
     * @param touchedBytes of it that the daemon changes all over
     */
    static Takeover start(
            final Scratch scratch, final String name, final String memory, final int touchedBytes)
            throws IOException {
        final Path file = scratch.file(name + ".times");
        Files.write(file, new byte[TakeoverDaemon.FILE_BYTES]);
        final BenchManifest manifest = new BenchManifest(scratch.home(), name);
        final ObjectNode daemon = manifest.daemon(DAEMON, TakeoverDaemon.class);
        daemon.put("memory", memory).put("standby", 1);
        daemon.putObject("settings").put("times", file.toString()).put("bytes", touchedBytes);
        // Neither the budget nor a delay of the next standby may be measured.
        daemon.putObject("restart")
                .put("policy", "always")
                .put("backoff", "1 ms .. 1 ms")
                .put("limit", RESTARTS)
                .put("stableAfter", "1 ms");
        final Tree tree = Tree.start(scratch, scratch.runBase(name), true, manifest);
        final Takeover takeover = new Takeover(tree, MappedFile.readOnly(file));
        takeover.practise();
        return takeover;
    }

    /**
     * Waits until a warm standby sleeps, kills the process that serves, and returns how long it
     * took until the standby's first commit stood, in nanoseconds.
     *
     * @throws BenchFailure where another process than the standby went on
     */
    long killToCommitNs() {
        awaitWarm();
        final long pid = board.word(slot, BoardWord.PID);
        final long epoch = board.word(slot, BoardWord.EPOCH);
        final long heir = board.word(slot, BoardWord.STANDBY_EPOCH);
        final long start = System.nanoTime();
        if (!OperatingSystem.current().signal(pid, Signals.KILL)) {
            throw new BenchFailure(BenchFailure.BUG, "pid " + pid + " died before it was killed");
        }
        while (times.getLongAcquire(TakeoverDaemon.COMMITTED_EPOCH) <= epoch) {
            pause(start);
        }
        final long committed = times.getLongAcquire(TakeoverDaemon.COMMITTED_EPOCH);
        if (committed != heir) {
            throw new BenchFailure(
                    BenchFailure.BUG,
                    "incarnation " + committed + " went on, not the standby, which was " + heir);
        }
        inheritedNs = times.getLong(TakeoverDaemon.INHERITED_NS) - start;
        return times.getLong(TakeoverDaemon.COMMITTED_NS) - start;
    }

    /** Returns which part of the last takeover had passed when the standby had the arena. */
    long killToInheritedNs() {
        return inheritedNs;
    }

    /** Waits until the daemon serves, has all its pages, and its standby is warm and asleep. */
    void awaitWarm() {
        final long start = System.nanoTime();
        while (!isWarm()) {
            pause(start);
        }
        LockSupport.parkNanos(REST_NS);
    }

    /** Has the bench's own way to the signal compiled: it is no part of what is measured. */
    private void practise() {
        final long self = ProcessHandle.current().pid();
        for (int i = 0; i < PRACTICE; i++) {
            isWarm();
            if (!OperatingSystem.current().signal(self, NO_SIGNAL)) {
                throw new BenchFailure(BenchFailure.BUG, "the bench itself is not there");
            }
        }
    }

    private boolean isWarm() {
        final long epoch = board.word(slot, BoardWord.EPOCH);
        return board.state(slot) == DaemonState.READY
                && board.word(slot, BoardWord.STANDBY_STATE) == StandbyState.WARM.ordinal()
                && board.word(slot, BoardWord.STANDBY_EPOCH) > epoch
                && times.getLongAcquire(TakeoverDaemon.TOUCHED_EPOCH) == epoch;
    }

    void stop() throws IOException {
        tree.stop();
    }

    private void pause(final long start) {
        if (System.nanoTime() - start > PATIENCE_NS) {
            throw new BenchFailure(
                    BenchFailure.BUG,
                    "no standby went on or became warm in 60 s; the daemon is "
                            + board.state(slot));
        }
        LockSupport.parkNanos(POLL_NS);
    }
}
