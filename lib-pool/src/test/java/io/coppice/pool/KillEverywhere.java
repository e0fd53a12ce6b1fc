package io.coppice.pool;

import java.util.function.Consumer;

/**
 * Kills an operation at every store it makes, then kills the recovery from each of these deaths at
 * every store, and the recovery from those too. After every chain of deaths a last recovery runs
 * uncut, and what it leaves is checked.
 *
 * <p>Every point is visited: how many there are is counted by a run that is not cut, and the visits
 * are compared with it, so that the suite cannot shrink unseen.
 */
public final class KillEverywhere {
    /** How many recoveries in a row are killed. */
    private static final int DEPTH = 2;

    private final String name;
    private final TestArena arena;
    private final Consumer<Memory> operation;
    private final Consumer<Memory> recovery;
    private final Check check;
    private long points;
    private long counted;
    private long pointsInRecovery;

    /** Looks at what an uncut recovery has left. */
    @FunctionalInterface
    public interface Check {
        /**
         * Throws an {@link AssertionError} where the state is neither that before the operation nor
         * that after it, or an invariant is broken.
         *
         * @param where which deaths came before, for the message
         */
        void check(Memory memory, String where);
    }

    /**
     * Prepares a suite.
     *
     * @param name printed with the figures
     * @param arena as the operation finds it; it is put back before every run
     * @param operation attaches to the memory as a new process would, and does what is to be killed
     * @param recovery attaches as a successor would, and recovers
     * @param check looks at the result
     */
    public KillEverywhere(
            final String name,
            final TestArena arena,
            final Consumer<Memory> operation,
            final Consumer<Memory> recovery,
            final Check check) {
        this.name = name;
        this.arena = arena;
        this.operation = operation;
        this.recovery = recovery;
        this.check = check;
    }

    /** Runs the suite; prints and returns how many points it visited. */
    public long run() {
        if (!Cuts.ENABLED) {
            throw new AssertionError("these tests need -Dcoppice.cuts=true");
        }
        final byte[] start = arena.image();
        try {
            final long stores = count(start, operation);
            for (long store = 0; store < stores; store++) {
                final String where = name + ", cut at store " + store + " of " + stores;
                points++;
                recoverEverywhere(cutAt(start, operation, store, where), DEPTH, where);
            }
            if (points != stores || pointsInRecovery != counted) {
                throw new AssertionError(
                        name
                                + ": "
                                + points
                                + " of "
                                + stores
                                + " points and "
                                + pointsInRecovery
                                + " of "
                                + counted
                                + " in recoveries were visited");
            }
        } finally {
            Cuts.disarm();
            arena.setImage(0, start);
        }
        System.out.println(name + ": " + points + " cuts, " + pointsInRecovery + " in recoveries");
        return points + pointsInRecovery;
    }

    /** Recovers from a death; while {@code depth} is left, also with every death on the way. */
    private void recoverEverywhere(final byte[] dead, final int depth, final String where) {
        final long stores = count(dead, recovery);
        check.check(arena.memory(), where);
        if (depth == 0) {
            return;
        }
        counted += stores;
        for (long store = 0; store < stores; store++) {
            final String here = where + ", then at store " + store + " of recovery";
            pointsInRecovery++;
            recoverEverywhere(cutAt(dead, recovery, store, here), depth - 1, here);
        }
    }

    private long count(final byte[] image, final Consumer<Memory> run) {
        arena.setImage(0, image);
        Cuts.count();
        run.accept(arena.memory());
        return Cuts.disarm();
    }

    private byte[] cutAt(
            final byte[] image, final Consumer<Memory> run, final long store, final String where) {
        arena.setImage(0, image);
        Cuts.arm(store);
        try {
            run.accept(arena.memory());
            throw new AssertionError(where + ": was not reached");
        } catch (final Cuts.Cut died) {
            return arena.image();
        } finally {
            Cuts.disarm();
        }
    }
}
