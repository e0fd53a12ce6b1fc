package io.coppice.root.loop;

/**
 * The daemons of a tree by their slots: a reload may leave slots that no daemon has. Immutable;
 * allocates nothing after it is made.
 */
final class Rows {
    /** By slot - 1; null where no daemon has it. */
    private final DaemonSlot[] bySlot;

    Rows(final DaemonSlot[] daemons) {
        int highest = 0;
        for (final DaemonSlot daemon : daemons) {
            highest = Math.max(highest, daemon.slot());
        }
        this.bySlot = new DaemonSlot[highest];
        for (final DaemonSlot daemon : daemons) {
            bySlot[daemon.slot() - 1] = daemon;
        }
    }

    /** Returns the highest slot that a daemon has. */
    int highest() {
        return bySlot.length;
    }

    /** Returns the daemon in a slot, null where there is none; any number may be asked for. */
    DaemonSlot daemon(final long slot) {
        return slot < 1 || slot > bySlot.length ? null : bySlot[(int) slot - 1];
    }
}
