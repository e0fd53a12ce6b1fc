package io.coppice.pool;

/**
 * The place that can cut a process short between any two stores into shared memory.
 *
 * <p>A test arms a cut at the n-th store: that store and all later ones change nothing (those of
 * {@code finally} blocks neither), and the operation is abandoned by a {@link Cut}, as SIGKILL
 * would do. Off ({@link #ENABLED} a constant false, so that the JIT removes every check) unless the
 * system property {@code coppice.cuts} is {@code true}. For one thread.
 */
public final class Cuts {
    /** Whether stores are counted in this process. */
    public static final boolean ENABLED = Boolean.getBoolean("coppice.cuts");

    private static final long NEVER = Long.MAX_VALUE;

    private static long stores;
    private static long cutAt = NEVER;
    private static boolean frozen;

    private Cuts() {}

    /** Thrown at the store where the process would have died. */
    public static final class Cut extends Error {
        private static final long serialVersionUID = 1L;

        Cut(final long store) {
            super("cut at store " + store, null, false, false);
        }
    }

    /**
     * Begins to count from zero; the store with this number (from 0) and all after it do not
     * happen.
     */
    public static void arm(final long store) {
        stores = 0;
        frozen = false;
        cutAt = store;
    }

    /** Begins to count from zero without ever cutting. */
    public static void count() {
        arm(NEVER);
    }

    /**
     * Thaws the memory, as a new process finds it, and returns how many stores were attempted since
     * it was armed.
     */
    public static long disarm() {
        frozen = false;
        cutAt = NEVER;
        return stores;
    }

    /** Returns whether a store may happen; throws at the one where the process dies. */
    static boolean allow() {
        if (frozen) {
            return false;
        }
        if (stores++ == cutAt) {
            frozen = true;
            throw new Cut(cutAt);
        }
        return true;
    }
}
