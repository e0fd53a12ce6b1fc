package io.coppice.bench;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.Memory;
import io.coppice.pool.board.Board;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.DaemonState;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A daemon that is killed again and again. Times are {@link System#nanoTime()}, which on Linux is
 * one clock for all processes.
 */
final class Victim {
    private static final long POLL_NS = 50_000;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);

    /** Longer than {@code stableAfter}, so that each death is the first of its row. */
    private static final long REST_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Board board;
    private final Memory arena;
    private final int slot;
    private long deathSeenNs;

    Victim(final Tree tree, final String daemon) {
        this.board = tree.board();
        this.arena = tree.arena(daemon);
        this.slot = tree.daemon(daemon).slot();
    }

    /** Kills the process and returns how long it took until its successor said that it is ready. */
    long killToReadyNs() {
        awaitRest();
        final long epoch = board.word(slot, BoardWord.EPOCH);
        final long pid = board.word(slot, BoardWord.PID);
        final long start = System.nanoTime();
        if (!OperatingSystem.current().signal(pid, Signals.KILL)) {
            throw new BenchFailure(BenchFailure.BUG, "pid " + pid + " died before it was killed");
        }
        while (arena.getLongAcquire(ArenaLayout.READY) <= epoch) {
            pause(start);
        }
        final long ns = System.nanoTime() - start;
        deathSeenNs = board.word(slot, BoardWord.DEATH_NS) - start;
        return ns;
    }

    /** Returns how long after the last kill root had the kernel's word of the death. */
    long deathSeenNs() {
        return deathSeenNs;
    }

    private void awaitRest() {
        final long start = System.nanoTime();
        while (board.state(slot) != DaemonState.READY
                || System.nanoTime() - board.word(slot, BoardWord.READY_NS) < REST_NS) {
            pause(start);
        }
    }

    private void pause(final long start) {
        if (System.nanoTime() - start > PATIENCE_NS) {
            throw new BenchFailure(
                    BenchFailure.BUG,
                    "the daemon did not come back in 30 s; it is " + board.state(slot));
        }
        LockSupport.parkNanos(POLL_NS);
    }
}
