package io.coppice.pool.plan;

import java.util.Locale;

/** What chaos does to somebody. The ordinal is a bit of masks in plans, mailbox and board. */
public enum ChaosKind {
    /** SIGKILL to a ready daemon or to a worker. */
    KILL,

    /** SIGSTOP to one of those, and SIGCONT after a time. */
    STOP,

    /** SIGKILL to root, whose guard starts another one. */
    ROOT;

    /** The mask of all kinds. */
    public static final int ALL = 7;

    /** Returns this kind alone as a mask. */
    public int mask() {
        return 1 << ordinal();
    }

    /** Returns whether a mask has this kind. */
    public boolean isIn(final long mask) {
        return (mask & mask()) != 0;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
