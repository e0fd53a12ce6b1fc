package io.coppice.examples.catalog;

import java.io.IOException;

/** Counts what a walk will find, a little in each duty cycle, for the progress bar only. */
final class WalkCount {
    private static final byte[] FROM_THE_START = {};

    private final FolderWalk walk;
    private boolean isBegun;
    private boolean isDone;
    private long entries;

    WalkCount(final FolderWalk walk) {
        this.walk = walk;
    }

    /** Goes on by so many steps at most and returns how many it took. */
    int count(final int stepsMax) {
        if (!isBegun) {
            isBegun = true;
            try {
                walk.begin(FROM_THE_START);
            } catch (final IOException gone) {
                // The walk that matters will say so.
                isDone = true;
            }
        }
        int steps = 0;
        while (steps < stepsMax && !isDone) {
            steps++;
            final FolderWalk.Step step = walk.step();
            if (step == FolderWalk.Step.ENTRY) {
                entries++;
            }
            isDone = step == FolderWalk.Step.END;
        }
        return steps;
    }

    /** Returns how many entries there are, or 0 while that is not known. */
    long total() {
        return isDone ? entries : 0;
    }
}
